"""Imported last by the forkserver of a long-lived bot: it lays its memory out for being forked.

Measured with everything imported: an empty job takes 12 ms instead of 24 and copies 5 MiB.
"""

import ctypes
import gc
import sys
from collections.abc import Iterator
from pathlib import Path

_HUGE = 2 * 2**20
_MADV_COLLAPSE = 25
"""From <linux/mman.h>, since Linux 6.1; older kernels refuse it, and nothing is lost."""


def _settle() -> None:
    gc.collect()
    gc.freeze()  # a job's collector writes to all that it looks through, and what is written to is copied
    if sys.platform == "linux":
        madvise = ctypes.CDLL(None).madvise
        for address in _pages():
            madvise(ctypes.c_void_p(address), ctypes.c_size_t(_HUGE), _MADV_COLLAPSE)


def _pages() -> Iterator[int]:
    """Yield the addresses of what can be one huge page: forking copies an entry per page."""
    for line in Path("/proc/self/maps").read_text(encoding="utf-8", errors="replace").splitlines():
        addresses, permissions, _, _, _, *name = line.split(maxsplit=5)
        if permissions.startswith("rw") and name in ([], ["[heap]"]):
            low, high = (int(address, 16) for address in addresses.split("-"))
            yield from range(-(-low // _HUGE) * _HUGE, high // _HUGE * _HUGE, _HUGE)


_settle()
