"""The electrical tree."""
