"""A short lab with a real Redis and nginx, for tests of the places where the book's labs run."""

from __future__ import annotations

__all__ = ["ANSWERED", "CODE"]

CODE = """
from labkit import Lab
with Lab() as lab:
    redis = lab.system("redis").client()
    redis.set("said", "yes")
    said = redis.get("said")  # before the load: that starts a busy machine's systems anew, to measure once more
    stock = lab.service("stock")
    front = lab.system("nginx", calls=stock)
    run = lab.load(front, "/health", rate=50, seconds=2)
    print("answered:", said, bool(run.goodput > 40))
"""
ANSWERED = "answered: yes True"
"""What it prints when both did."""
