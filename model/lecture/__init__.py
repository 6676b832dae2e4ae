"""The numbers in docs/maths.md, computed by the functions that it quotes."""
