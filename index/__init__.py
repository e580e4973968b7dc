"""From articles to the passages that speak to a question."""
