"""How well documents are read: made with known text, read again, and held against it."""
