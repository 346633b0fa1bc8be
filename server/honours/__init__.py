"""Honours: titles, the hero board, the team of the quarter."""
