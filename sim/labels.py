"""Short names for the variants of a comparison."""

from collections.abc import Sequence

from sim.spec import Spec
from sim.support import irrelevant
from sim.vocabulary import BY_KEY

_MAIN = ("activation", "init")
# The sizes of a single run stand in the plot's footer; these are named only if they set variants apart.
_CONDITIONS = (
    "arch",
    "depth",
    "width",
    "batch",
    "seeds",
    "seed",
    "steps",
    "lr",
    "precision",
    "image",
    "data",
)

_SIZES = frozenset({"depth", "width", "image", "kernel", "batch"})


def labels(specs: Sequence[Spec]) -> tuple[str, ...]:
    """Name each spec by activation and init and whatever else sets it apart: "relu · he · depth 50".

    The name is what stands beside its line on a plot, so it is short. Knobs that change nothing for a
    spec are left out of its name.
    """
    differing = {key for key in BY_KEY if len({getattr(spec, key) for spec in specs}) > 1}
    if "arch" in differing:
        # Sizes mean different things in different architectures: they are named only if they must be.
        names = tuple(_label(spec, differing, silent=_SIZES) for spec in specs)
        if len(set(names)) == len(names):
            return names
    return tuple(_label(spec, differing) for spec in specs)


def _label(spec: Spec, differing: set[str], silent: frozenset[str] = frozenset()) -> str:
    default = Spec()
    silent = silent | irrelevant(spec)
    words: list[str] = []
    if "arch" in differing or spec.arch == "logistic":
        words.append(spec.arch)
    words += [getattr(spec, key) for key in _MAIN if key not in silent]
    for key, knob in BY_KEY.items():
        value = getattr(spec, key)
        notable = value != getattr(default, key) and key not in _CONDITIONS
        if key not in (*_MAIN, "arch", *silent) and (key in differing or notable):
            words.append(f"{key} {knob.format(value)}")
    return " · ".join(words)
