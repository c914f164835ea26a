"""Simulations in the form: a line for each, its variants below it behind dashes."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.teaching.form.fields import AS_A_FILE, NotInForm
from sim.asked import read_simulation
from sim.errors import SimulationError
from sim.knobs import nearest
from sim.support import EXPERIMENTS

_NAME = r"[a-z][a-z0-9_]{0,39}"
_RUN = re.compile(
    rf"({_NAME})[ \t]*:[ \t]*(?:([a-z_]+)(?=[ \t]*(?:\(|$|:)))?[ \t]*(?:\(([^()]*)\))?[ \t]*:?[ \t]*(.*)"
)
_VARIANT = re.compile(rf"-[ \t]*(?:({_NAME})[ \t]*:(?=[ \t]|$))?[ \t]*(.*)")
_VS = re.compile(r"\s+vs\.?\s+", re.IGNORECASE)
_USUAL = "gradients"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A simulation as it was typed."""

    name: str
    experiment: str
    knobs: tuple[str, ...] = ()
    spec: str | None = None
    """One configuration."""
    variants: Mapping[str, str] = field(default_factory=dict[str, str])
    """Or several by name."""
    line: int = field(default=0, compare=False)

    def data(self) -> dict[str, Any]:
        """Return what stands in the front matter."""
        what: dict[str, Any] = (
            {"spec": self.spec} if self.spec is not None else {"variants": dict(self.variants)}
        )
        knobs: dict[str, Any] = {"knobs": list(self.knobs)} if self.knobs else {}
        return {"experiment": self.experiment, **what, **knobs}


def write(runs: Sequence[Run]) -> str:
    """Put each simulation and each variant on a line."""
    lines: list[str] = []
    for run in runs:
        knobs = f" ({', '.join(run.knobs)})" if run.knobs else ""
        lines.append(f"{run.name}: {run.experiment}{knobs}")
        variants = {"": run.spec} if run.spec is not None else run.variants
        lines += [f"- {f'{name}: ' if name else ''}{spec}" for name, spec in variants.items()]
    return "\n".join(lines)


def read(text: str) -> list[Run]:
    """Read the simulations.

    Raises:
        NotInForm: a line is neither a simulation nor a variant.
    """
    found: list[tuple[int, str, str, tuple[str, ...], dict[str, str]]] = []
    for number, written in enumerate(text.splitlines(), start=1):
        line = " ".join(written.split())
        if not line:
            continue
        if line.startswith("-"):
            if not found:
                raise _refused(number, line, "begin with a name, as in main: gradients")
            _add(found[-1][4], line, number)
            continue
        match = _RUN.fullmatch(line)
        if match is None:
            raise _refused(number, line, "write main: depth=30 sigmoid vs relu he, or - relu: relu he")
        name, experiment, knobs, specs = match.groups()
        variants = _inline(specs or "")
        if experiment and experiment not in EXPERIMENTS and not knobs and not variants:
            variants, experiment = {"": experiment}, None
        found.append((number, name, experiment or _suited(specs or ""), _words(knobs or ""), variants))
    return [_run(*one) for one in found]


def _run(number: int, name: str, experiment: str, knobs: tuple[str, ...], variants: dict[str, str]) -> Run:
    if not variants:
        raise _refused(number, name, f"give it a configuration, as in {name}: 12x64 sigmoid")
    if set(variants) == {""}:
        return Run(name=name, experiment=experiment, knobs=knobs, spec=variants[""], line=number)
    if "" in variants:
        raise _refused(number, name, "each of several variants has a name, as in - relu: relu he")
    return Run(name=name, experiment=experiment, knobs=knobs, variants=variants, line=number)


def _add(variants: dict[str, str], line: str, number: int) -> None:
    match = _VARIANT.fullmatch(line)
    name, spec = (match[1] or "", match[2]) if match else ("", "")
    if not spec:
        raise _refused(number, line, "write a name and a configuration, as in - relu: relu he")
    if name in variants:
        raise _refused(number, line, "variants have different names; rename one")
    variants[name] = spec


def _inline(text: str) -> dict[str, str]:
    """Name the configurations of one line after what they are: "depth=30 sigmoid vs relu he"."""
    specs = [one.strip() for one in _VS.split(text) if one.strip()]
    if len(specs) < 2:  # noqa: PLR2004  one is compared with nothing
        return {"": specs[0]} if specs else {}
    named: dict[str, str] = {}
    for number, spec in enumerate(specs, start=1):
        words = [word for word in re.split(r"[\s,]+", spec) if re.fullmatch(_NAME, word)]
        free = next((word for word in words if word not in named), f"variant_{number}")
        named[free] = spec
    return named


def _suited(specs: str) -> str:
    try:
        return read_simulation(specs)[0]
    except SimulationError:
        return _USUAL  # what is wrong is said where it is reviewed


def _words(knobs: str) -> tuple[str, ...]:
    return tuple(word for word in re.split(r"[\s,]+", knobs) if word)


def _refused(number: int, line: str, cure: str) -> NotInForm:
    hint = ""
    word = line.partition(":")[2].split()
    if word and word[0] not in EXPERIMENTS and re.fullmatch(r"[a-z_]{5,}", word[0]):
        near = nearest(word[0], list(EXPERIMENTS))
        hint = f" ({near})" if near.startswith("did you mean") else ""
    return NotInForm(f"simulations, line {number}: got {line!r:.60}{hint}; {cure}.")


def require_writable(run: Run) -> None:
    """Raise NotInForm if a simulation does not come back as it is."""
    try:
        again = read(write([run]))
    except NotInForm:
        again = []
    if again != [run]:
        raise NotInForm(f"The simulation {run.name!r} cannot be written on lines of the form; {AS_A_FILE}.")
