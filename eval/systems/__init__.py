"""What is measured: this program, and others beside it."""
