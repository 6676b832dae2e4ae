"""The data to learn from: MNIST, pen digits, strokes, synthetic digits, outliers, augmentation."""
