"""What writes into the repository: the README's figures, the mathematics' page, the font subset."""
