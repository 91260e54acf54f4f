"""Long-running searches for faults, run by hand."""
