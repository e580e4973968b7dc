"""Looking up what a question asks for in a table: its words, the row, the column, the cell."""
