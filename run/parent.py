"""Ties a child's life to its parent's, so that a killed parent leaves nothing running."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable
from typing import Final

SUPERVISED: Final = "AIRCALL_HUBSPOT_SUPERVISED"
"""Set for a process whose supervisor has seen Redis: it must outlive a Redis that is away."""

_PR_SET_PDEATHSIG: Final = 1


def dies_with_parent() -> Callable[[], None]:
    """A `preexec_fn` that has Linux kill (-9) the child at the moment its parent dies.

    Call it in the parent: the parent's pid is remembered, so that a parent that died between fork
    and request is noticed. On other systems the child outlives a killed parent.
    """
    parent = os.getpid()
    if sys.platform != "linux":
        return _nothing
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def ask_to_die() -> None:
        if prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0 or os.getppid() != parent:
            os._exit(1)

    return ask_to_die


def end_with_make() -> None:
    """Under `make`, have Linux ask this process to end when make is killed: nobody else would."""
    if sys.platform == "linux" and "MAKELEVEL" in os.environ:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


def _nothing() -> None:
    """Do nothing: this system cannot tell a child of its parent's death."""
