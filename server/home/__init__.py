"""What a person sees first: today, the wallet."""
