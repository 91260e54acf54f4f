"""Tests of the durable storage, on real SQLite files."""
