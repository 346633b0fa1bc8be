"""Analytics: what campaigns bring and cost (L1 to L3)."""
