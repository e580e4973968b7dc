"""Evaluation on question sets with known answers."""
