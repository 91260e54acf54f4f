"""Measurements of speed and quality, printed as tables; nothing here passes or fails by the clock."""
