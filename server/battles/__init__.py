"""Battles: sides, stakes, pot, audit, payout (E1 to E6)."""
