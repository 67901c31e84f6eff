"""`python -m patternlint`."""

import sys

from patternlint.cli import main

if __name__ == "__main__":
    sys.exit(main())
