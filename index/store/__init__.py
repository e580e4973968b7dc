"""The index itself: what it consists of, how it is made, kept and searched."""
