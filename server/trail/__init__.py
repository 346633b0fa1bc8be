"""The audit trail: who did what and why, and the seals under which no edit goes unseen."""
