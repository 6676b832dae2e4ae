"""Where the writing is in any picture: ways of seeing it, and which of them is most plausible."""
