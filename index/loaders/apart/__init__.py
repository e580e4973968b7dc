"""Child processes, in which documents are read apart."""
