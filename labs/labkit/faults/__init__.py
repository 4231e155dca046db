"""Faults: one file each, named, graded and reversible."""
