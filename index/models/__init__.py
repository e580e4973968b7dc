"""The models that are run here: their folders and files, BERT, and the encoder."""
