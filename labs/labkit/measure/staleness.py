"""Stale answers, counted from the users' side: what was asked after a newer value had been acknowledged, and shows an older.

    writer   ── POST ──────► 201, revision 8
    reader                                     ── GET ──────► revision 7      stale
    reader              ── GET ───────────────────► revision 7                not stale: asked before the writer was told

No service has to admit anything: each answer carries its revision in the tag header, and the clock is the users' own.
Without any such answer reads see every write that was complete before them, which is what linearizability asks of reads
and writes of one item (Herlihy and Wing 1990).
"""

from __future__ import annotations

import numpy as np

from labkit.measure.samples import Flags, Numbers, Samples

__all__ = ["revisions", "stale"]


def revisions(samples: Samples, tags: tuple[str, ...]) -> Numbers:
    """The revision that each answer carried; NaN where there was none."""
    known = np.array([float(tag) if tag.isdigit() else np.nan for tag in tags] + [np.nan])
    found: Numbers = known[samples.tag]  # -1, no tag, is the last
    return found


def stale(reads: Samples, writes: Samples, tags: tuple[str, ...]) -> Flags:
    """For each read whether its revision is older than the newest that was acknowledged when it was sent."""
    told, written = (writes.at + writes.latency)[writes.ok], revisions(writes, tags)[writes.ok]
    order = np.argsort(told)
    newest = np.concatenate([[-np.inf], np.fmax.accumulate(written[order])])
    sent = reads.at + reads.late
    flags: Flags = reads.ok & (revisions(reads, tags) < newest[np.searchsorted(told[order], sent, side="left")])
    return flags
