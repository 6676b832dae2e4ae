"""Commands that write into the repository: the README's figures, the page /maths, the font subset, the API's types."""
