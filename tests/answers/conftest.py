"""The shipped library, really measured once per session, on one thread."""

import warnings
from collections.abc import Callable, Generator, Sequence

import pytest

from answers.catalog import Catalog, load
from answers.entry import Entry
from answers.matching import Matcher
from answers.pipeline import plan
from sim.measurements import Measurements

Measure = Callable[..., Sequence[Measurements]]


@pytest.fixture(scope="session")
def shipped() -> Catalog:
    return load()


@pytest.fixture(scope="session")
def matcher(shipped: Catalog) -> Matcher:
    """Return a matcher of the shipped answers; nothing that a test does changes it."""
    return Matcher(shipped)


@pytest.fixture(scope="session")
def measure() -> Generator[Measure]:
    """Run the simulations of an entry in this process, every entry once."""
    import torch  # noqa: PLC0415  only the tests that measure pay for it

    from sim import experiments  # noqa: PLC0415

    done: dict[str, Sequence[Measurements]] = {}

    def ignore(_fraction: float, _text: str) -> None:
        pass

    def run(entry: Entry) -> Sequence[Measurements]:
        if entry.id not in done:
            with warnings.catch_warnings():
                # Forward mode imports a part of torch that uses torch.jit.script, which torch deprecates.
                warnings.simplefilter("ignore", DeprecationWarning)
                done[entry.id] = [
                    experiments.run(one.experiment, list(one.variants.values()), ignore)
                    for one in plan(entry)
                ]
        return done[entry.id]

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield run
    torch.set_num_threads(threads)
