"""What this machine has of what labs need, and for each gap the one command that mends it: ``labkit doctor``."""
