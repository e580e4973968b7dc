"""Fit what is shown for yes/no questions: ``python -m eval.evidence``."""

from eval.commands.fit_evidence import main

if __name__ == "__main__":
    main()
