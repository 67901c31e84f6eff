"""Find, select and run rules; apply suppressions and the time limit."""
