"""A session's life."""
