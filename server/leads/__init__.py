"""Leads: what colleagues report of a customer, reviewed, assigned and followed up (D1 to D7)."""
