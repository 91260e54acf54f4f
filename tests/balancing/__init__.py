"""Who may draw how much."""
