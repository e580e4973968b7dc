"""Run ``article-qa eval`` as ``python -m eval``."""

from eval.commands.evaluate import main

if __name__ == "__main__":
    main()
