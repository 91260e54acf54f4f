"""Charge detail records, append-only postings, and what a sheet adds up to."""
