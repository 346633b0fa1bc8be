"""Antispam: what looks suspicious waits for a person, with its reasons."""
