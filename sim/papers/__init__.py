"""Numbers of published papers, measured again: one file per paper, each with a `PAPER` and a `run`.

`run(report, size)` builds the paper's networks with this project's engine and returns findings: what the
paper says and where, what theory says here, what was measured, and whether they agree within a stated
tolerance. Every `size` has defaults that take a few seconds on one thread.
"""

import importlib
import time

from sim.papers.finding import Reproduction
from sim.reporting import Report

NAMES = (
    *("glorot", "he", "saxe", "schoenholz", "yang", "klambauer"),
    *("pascanu", "jozefowicz", "xiong"),
)
"""The papers by their first authors: the modules of this package that reproduce one."""


def reproduce(name: str, report: Report) -> Reproduction:
    """Measure the numbers of the paper with this name.

    Raises:
        LookupError: no paper has this name.
    """
    if name not in NAMES:
        msg = f"a paper is one of {', '.join(NAMES)}; got {name!r}."
        raise LookupError(msg)
    module = importlib.import_module(f"sim.papers.{name}")
    start = time.perf_counter()
    findings, runs = module.run(report)
    return Reproduction(
        name=name,
        paper=module.PAPER,
        findings=tuple(findings),
        runs=tuple(runs),
        seconds=time.perf_counter() - start,
    )
