"""A year of a home's site control, and days of it second by second, judged from outside."""
