"""Durable storage: journal, checkpoints and the sealed ledger in one SQLite file."""
