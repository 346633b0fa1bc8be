"""What takes longer than `make test`: more seeds, more kills, planted bugs."""
