"""How good the answers are: metrics, results, and the figures made of them."""
