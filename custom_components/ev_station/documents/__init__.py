"""Statements and records as files people keep."""
