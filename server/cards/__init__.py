"""Pictures to share: a battle won, a badge, a personal offer (C9, F1, H1)."""
