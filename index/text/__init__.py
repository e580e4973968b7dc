"""The text of an article in pieces: spans, sentences, passages."""
