"""Screens: what a store shows on its wall, by a link that can be revoked (E10)."""
