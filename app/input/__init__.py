"""What comes in: bodies, decoding, and the limits on both."""
