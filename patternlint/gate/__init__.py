"""Report only new findings: those that a baseline file or an earlier revision does not contain."""
