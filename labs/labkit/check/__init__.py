"""Claims and exercises: what makes a cell fail."""
