"""From the passages found for a question to the spans that may answer it."""
