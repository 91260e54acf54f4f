"""Power cuts by the hundred: whatever moment the central system dies at, every session is billed once."""
