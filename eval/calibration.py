"""Fit a reader's calibration: ``python -m eval.calibration``."""

from eval.commands.fit_calibration import main

if __name__ == "__main__":
    main()
