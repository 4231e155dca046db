"""Fetch a real system's program that is not on this machine: pinned, verified, resumable, and never half."""
