"""Push: news that reaches a phone whose owner has no page of ours open (M3)."""
