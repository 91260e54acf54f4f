"""Tools for development: a real Home Assistant on demand, checks, campaigns and measurements."""
