"""The training data: MNIST, people's pen strokes, synthetic digits, outliers, and their augmentation."""
