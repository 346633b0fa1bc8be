"""Referrals: campaigns, personal links, who brought whom, what both get."""
