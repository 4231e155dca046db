"""Load: open- and closed-loop generators, in a process of their own."""
