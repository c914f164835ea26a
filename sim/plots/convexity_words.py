"""How a loss is called, and the sizes of its network: the same on every card about convexity."""

from collections.abc import Sequence

from sim.plots.conditions import Condition
from sim.plots.names import differing, phrase
from sim.plots.wording import count
from sim.spec import Spec

_ARCHS = {"logistic": "logistic regression", "mlp": "network"}


def names(specs: Sequence[Spec]) -> list[str]:
    """Name each loss by its architecture, and by what sets it apart from others of the same one."""
    found: list[str] = []
    for spec in specs:
        alike = [other for other in specs if other.arch == spec.arch]
        words = [phrase(key, getattr(spec, key)) for key in differing(alike)]
        alone = len(alike) == len(specs) and words
        arch = phrase("arch", spec.arch) if words else _ARCHS.get(spec.arch, phrase("arch", spec.arch))
        found.append(" · ".join(words if alone else [arch, *words]))
    return found


def sizes(specs: Sequence[Spec]) -> list[Condition]:
    """Name the size of the networks, which their names leave out, and what all have in common."""
    found: list[Condition] = []
    networks = [spec for spec in specs if spec.arch != "logistic"]
    if networks and not {"depth", "width"} & set(differing(networks)):
        net = networks[0]
        layers = "" if net.depth == 1 else f"{net.depth} × "
        kind = "" if "activation" in differing(networks) else f"{phrase('activation', net.activation)} "
        full = f"{kind}network: {layers}{count(net.width, 'hidden unit')}"
        found.append(Condition(full, 1, f"{kind}{net.depth}×{net.width}"))
    if "loss" not in differing(specs):
        found.append(Condition(phrase("loss", specs[0].loss), 2))
    if "data" not in differing(specs):
        found.append(Condition("random labels" if specs[0].data == "gaussian" else specs[0].data, 3))
    return found
