"""Pictures as people send them, to measure how they are read: photographs, screenshots, and pictures of no digit."""
