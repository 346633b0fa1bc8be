"""Badges: earned by facts, shown before, taken back with the fact."""
