"""``python -m labkit get``: bring the programs of systems that are not on this machine."""
