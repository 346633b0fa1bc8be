"""Deals: what a lead came to, checked and called back before anything is paid (D8, I4, I6)."""
