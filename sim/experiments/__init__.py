"""One file per kind of experiment; each has `run(specs, report)` and nothing else in common.

`run` returns the variants, in the order of the specs, and the facts of the experiment as a whole.
`report(fraction, text)` is called now and then with the share of the work that is done.
"""

import importlib
import pkgutil
import time
from collections.abc import Sequence
from importlib import metadata

from sim.errors import SpecError
from sim.knobs import nearest
from sim.measurements import Measurements, Provenance
from sim.reporting import Report
from sim.spec import Spec


def names() -> list[str]:
    """List the experiments: the modules of this package."""
    return [module.name for module in pkgutil.iter_modules(__path__)]


def run(experiment: str, specs: Sequence[Spec], report: Report) -> Measurements:
    """Run an experiment by name.

    Raises:
        SpecError: there is no such experiment.
    """
    if experiment not in names():
        known = names()
        msg = f"An experiment is one of {', '.join(known)}; got {experiment!r}; {nearest(experiment, known)}"
        raise SpecError(msg)
    import torch  # noqa: PLC0415  the list of names is needed where torch is not

    module = importlib.import_module(f"sim.experiments.{experiment}")
    start = time.perf_counter()
    variants, facts = module.run(specs, report)
    provenance = Provenance(
        version=metadata.version("backchat"),
        torch=torch.__version__,
        threads=torch.get_num_threads(),
        seconds=time.perf_counter() - start,
    )
    return Measurements(experiment=experiment, variants=variants, provenance=provenance, facts=facts)
