"""A process that throws away the socket that it was given, and lives on: connections to it are refused."""

from __future__ import annotations

import os
import time

print("what socket?", flush=True)
os.closerange(3, 64)
time.sleep(120)
