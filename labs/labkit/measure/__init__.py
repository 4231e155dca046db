"""What was measured, and the formulas that it is held against."""
