"""What labs run or have left on this machine, and the end of what was left: ``labkit ps`` and ``labkit clean``."""
