"""Notifications: how people learn that something is new for them."""
