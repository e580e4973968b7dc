"""The English language: its words, and the names, quotations and lists in a text, by rules."""
