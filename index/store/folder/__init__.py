"""A store in a folder: a catalogue in SQLite, and segments in files that are never changed."""
