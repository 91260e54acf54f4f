"""Who may draw how much now."""
