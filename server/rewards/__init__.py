"""Rewards: what points are given for, and getting it."""
