"""Budgets: caps per campaign and store, liability and forecast (G11)."""
