"""How figures are shown: tables, plots, and a page of a run."""
