"""When to draw, and why."""
