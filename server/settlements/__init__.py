"""Settlements: what each person is owed for a period, approved, exported, paid once (G7, G8)."""
