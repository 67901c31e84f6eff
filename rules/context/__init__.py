"""What a pattern is called in other worlds."""
