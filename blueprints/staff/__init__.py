"""The staff side of the same nouns."""
