"""What the files of Word and PowerPoint have in common, and what Word's documents are made of."""
