"""What is asked of a system: question sets, and how their questions are put."""
