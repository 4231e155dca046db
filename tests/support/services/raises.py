"""A service that raises while it is imported."""

from __future__ import annotations

print("opening the warehouse", flush=True)
raise RuntimeError("the warehouse key is missing")
