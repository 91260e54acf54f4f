"""The electrical tree: what each fuse leaves for charging, phase by phase."""
