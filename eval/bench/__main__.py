"""A fresh process of the benchmark, which ``eval.bench.processes`` starts."""

import sys

from eval.bench.processes import work

if __name__ == "__main__":
    work(*sys.argv[1:])
