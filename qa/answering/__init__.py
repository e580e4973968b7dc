"""From what was found to an answer of the form that its question asks for."""
