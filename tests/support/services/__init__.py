"""Tiny services: one that is well, some that start processes of their own, and some that cannot start."""
