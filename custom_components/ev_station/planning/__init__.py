"""When to draw, and why: the cheapest plan for the whole site that is ready on time; docs/planning.md states it."""
