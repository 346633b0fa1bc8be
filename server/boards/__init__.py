"""Boards: standings kept in PostgreSQL, ranked in Redis, shown as frames on a live socket."""
