"""The shape of the library as a whole: where its links go, how its scores are spread, what its texts have in common."""
