"""`leitai rehearse`: last month's actions played through a plan, without database or network."""
