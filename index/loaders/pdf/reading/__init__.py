"""From glyphs to blocks: lines, what runs along, columns, tables, paragraphs, headings."""
