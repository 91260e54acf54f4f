"""Tests of the vocabulary and its JSON."""
