"""The rules of Leitai: pure decisions over frozen facts, no clock, chance or I/O."""
