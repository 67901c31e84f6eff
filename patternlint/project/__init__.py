"""What belongs to a project: configuration, git, paths, discovery and atomic writes."""
