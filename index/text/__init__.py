"""The text of an article in pieces that are found, read and cited: passages, stretches."""
