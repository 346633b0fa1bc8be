"""Coupons and the orders they are redeemed with in a store."""
