"""Pictures of whole numbers, and of what is none, to measure on: lines of people's digits, drawn and photographed."""
