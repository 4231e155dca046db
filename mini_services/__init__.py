"""The small services and the patterns that the labs run."""
