"""Which tests of containers there are here."""

from __future__ import annotations

import os

collect_ignore = [] if os.geteuid() == 0 else ["test_engine.py"]  # only root has an engine of the tests' own
