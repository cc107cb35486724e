"""Drain the due set: claim, fold, gather, decide, mark, write, commit; again until nothing is due.

Gathering and writing are done for a batch at once, deciding for each interaction by itself. Three
things end a batch early: a vendor that cannot be asked (what is open is parked, its facts kept), a
lease that was lost (the batch is dropped: it is somebody else's now), and death (the same).
"""

from __future__ import annotations

from worker.drain.run import Drain

__all__ = ["Drain"]
