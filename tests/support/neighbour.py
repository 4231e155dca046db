"""One of several owners of labs on one machine: its services know whose they are, and it asks them without end.

    python -m tests.support.neighbour WHOSE

It says on standard output how often it has asked, and ends with status 5 as soon as one of another answers.
"""

from __future__ import annotations

import itertools
import sys
import time

from labkit import Lab
from tests.support.owner import say

APP = "tests.support.services.tiny:app"
EVERY = 0.05  # seconds


def main(whose: str) -> int:
    """Two services, of which one calls the other; each is asked over its link, the inner one through the outer."""
    say("begin")
    lab = Lab(package="tests.support.services")
    back = lab.service("back", app=APP, whose=whose)
    front = lab.service("front", app=APP, instances=2, calls=back, whose=whose)
    for asked in itertools.count(1):
        told = {front.get("/environment/WHOSE").json(), back.get("/environment/WHOSE").json(),
                front.get("/through/back/environment/WHOSE").json()}
        if told != {whose}:
            say("met", *sorted(told))
            return 5
        say("asked", asked)
        time.sleep(EVERY)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
