"""`python -m funcad demo | check | rules`."""

import sys

from funcad.testing.command import main

if __name__ == "__main__":
    sys.exit(main())
