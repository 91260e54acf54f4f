"""A session's life: matching and dedupe, register arithmetic, clock correction, live values."""
