"""From the bytes of a file to what an article is made of: one module for each format."""
