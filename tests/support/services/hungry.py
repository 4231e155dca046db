"""A service that wants more memory than there is."""

from __future__ import annotations

ledger = bytearray(1 << 46)
