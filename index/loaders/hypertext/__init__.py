"""HTML: the main text of a page, block by block."""
