"""What a text consists of: spans, paragraphs, blocks such as list items and rows, sentences."""
