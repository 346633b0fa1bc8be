"""Special contributions: points that one of the desk proposes and another confirms (C7)."""
