"""What an editor asks about a file and the library around it, without a protocol."""
