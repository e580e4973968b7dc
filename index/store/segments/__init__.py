"""Segments: arrays of some of the documents of a store, which are never changed."""
