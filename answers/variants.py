"""Named configurations, later ones in terms of the first, and what a question changes in them."""

from collections.abc import Mapping
from dataclasses import replace

from answers.entry import Entry, Simulation
from sim.errors import SpecError
from sim.spec import Spec


class WrongVariant(Exception):
    """A configuration cannot be read; the message says why, `variant` which."""

    def __init__(self, message: str, variant: str) -> None:
        super().__init__(message)
        self.variant = variant


def variants(texts: Mapping[str, str], changes: Mapping[str, str] | None = None) -> dict[str, Spec]:
    """Read configurations by name; later ones inherit from the first.

    Args:
        texts: the configurations as written.
        changes: words of the grammar, by key, that replace those of the first configuration. A later one
            inherits them too, unless it was written with another value.

    Raises:
        WrongVariant: a configuration cannot be read.
    """
    specs: dict[str, Spec] = {}
    base: Spec | None = None
    for name, text in texts.items():
        try:
            spec = Spec.parse(text, base=base)
            if base is None and changes:
                spec = Spec.parse(" ".join(f"{key}={word}" for key, word in changes.items()), base=spec)
        except SpecError as error:
            raise WrongVariant(str(error), name) from None
        specs[name] = spec
        base = base or spec
    return specs


def with_changes(entry: Entry, changes: Mapping[str, str]) -> Entry:
    """Return the entry with its simulations changed where their knobs allow it.

    Raises:
        WrongVariant: a value is not one of the grammar.
    """
    return replace(entry, simulations=tuple(_changed(one, changes) for one in entry.simulations))


def _changed(simulation: Simulation, changes: Mapping[str, str]) -> Simulation:
    allowed = {key: word for key, word in changes.items() if key in simulation.knobs}
    if not allowed:
        return simulation
    return replace(simulation, variants=variants(simulation.texts, allowed))
