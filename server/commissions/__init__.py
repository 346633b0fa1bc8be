"""Commissions: what a checked deal pays whom, and why (G3 to G6, G9)."""
