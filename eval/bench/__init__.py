"""How fast this program is, beside others on the same models and questions."""
