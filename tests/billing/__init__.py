"""Records and postings."""
