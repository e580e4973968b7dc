"""The commands: ``article-qa eval`` and ``bench``, and what fits calibrations."""
