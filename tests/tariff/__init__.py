"""What energy costs when."""
