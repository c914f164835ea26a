"""Imported by the forkserver of a long-lived bot, after all libraries: one tiny run, drawn.

What matplotlib finds out and keeps when it first draws, 10 ms a job, is then there in every job.  Only where
a process may be forked after it calculated, and on one thread, as `preload` sees to: threads are not forked.
"""

import sys

from sim.request import request
from sim.spec import Spec
from sim.tasks import measure


def _say_nothing(_fraction: float, _text: str) -> None:
    pass


if sys.platform == "linux":
    sys.modules["torch"].set_num_threads(1)
    measure(request("gradients", [Spec(depth=2, width=4, batch=4, seeds=2)], ["dark", "light"]), _say_nothing)
