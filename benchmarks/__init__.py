"""How fast patternlint is: libraries of any size, and the command that measures on them."""
