"""Challenges: a task pack for a store or a team, with a bonus at its end."""
