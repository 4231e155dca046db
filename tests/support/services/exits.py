"""A service that ends itself while it is imported."""

from __future__ import annotations

import sys

print("nothing to do today", flush=True)
sys.exit(7)
