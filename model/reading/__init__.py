"""Whole numbers in a picture: lines, where their ink is cut into digits, and what those are.

>>> from pathlib import Path
>>> from PIL import Image, ImageDraw
>>> from model import Recognizer
>>> from model.reading.read import read_numbers
>>> image = Image.new("L", (180, 100), 255)  # or Image.open("photo.png")
>>> for x in (20, 100):
...     ImageDraw.Draw(image).line(((x, 20), (x + 50, 20), (x + 20, 85)), width=7)
>>> reading = read_numbers(image, Recognizer.load(Path("weights/digits.npz")))
>>> reading.text, [len(line.placements) for line in reading.lines]
('77', [2])
"""
