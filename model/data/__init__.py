"""The training data: MNIST, pen digits, synthetic digits, outliers, and their augmentation."""
