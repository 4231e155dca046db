"""A service that the system kills while it starts, as it does when memory runs short."""

from __future__ import annotations

import os
import signal

os.kill(os.getpid(), signal.SIGKILL)
