"""What can sensibly be changed next in what a card shows: only what can be run, and is not too expensive."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from answers.entry import Entry
from answers.parameters import reread, written
from answers.tailoring import tailor
from bot.discord.playing.state import State, written_simulation
from bot.errors import BadRequest
from sim.asked import read_simulation
from sim.cost import Allowance, require_affordable
from sim.errors import SimulationError
from sim.spec import Spec
from sim.support import irrelevant, natural, require_runnable
from sim.vocabulary import BY_KEY, RECURRENT

MAX_STEPS = 25
_TRAIN, _LONGER, _FEW_SEEDS = 300, 3, 4
_NAMES = {"relu": "ReLU", "tanh": "tanh", "gelu": "GELU", "sigmoid": "sigmoid"}
_INITS = {"he": "He", "glorot": "Glorot (Xavier)", "orthogonal": "orthogonal"}
_NORMS = {"batch": "Batch normalisation", "layer": "Layer normalisation"}
_GONE = "This answer is not in the library any more; ask again with `/ask`."


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One change, as a menu names it."""

    word: str
    """As the grammar writes it: "depth=40"."""
    label: str
    about: str


_OFFERED = 0.5
"""Of the time a run may take, what is offered uses at most so much: a busy machine takes longer."""


def next_steps(state: State, entry: Entry | None, allowance: Allowance) -> list[Step]:
    """Return what can be changed in what a card shows.

    Args:
        state: of the card.
        entry: its answer; None for a simulation.
        allowance: what one run may take.
    """
    reserved = replace(allowance, seconds=allowance.seconds * _OFFERED)
    found: list[Step] = []
    for step in _candidates(_present(state, entry)):
        try:
            changed(state, step.word, entry, reserved)
        except (SimulationError, BadRequest):
            continue
        found.append(step)
    return found[:MAX_STEPS]


def changed(state: State, word: str, entry: Entry | None, allowance: Allowance) -> State:
    """Return what a card shows after a change.

    Args:
        state: before it.
        word: the change, as the grammar writes it.
        entry: the answer that the card shows; None for a simulation.
        allowance: what one run may take.

    Raises:
        BadRequest: the answer cannot be run like that, or is not there any more.
        SimulationError: it makes no sense, or is too expensive.
    """
    if not state.answer:
        return replace(state, text=_simulation(state.text, word, allowance))
    if entry is None:
        raise BadRequest(_GONE)
    return replace(state, text=written(require_tailored(entry, {**state.knobs, **reread(word)}, allowance)))


def require_tailored(entry: Entry, wanted: Mapping[str, str], allowance: Allowance) -> Mapping[str, str]:
    """Return what is changed in an answer to run it as wanted.

    Raises:
        BadRequest: it cannot be run like that; the message says why.
    """
    tailored = tailor(entry, wanted, allowance)
    if not tailored.knobs and tailored.note:
        raise BadRequest(tailored.note)
    return tailored.knobs


def _simulation(text: str, word: str, allowance: Allowance) -> str:
    experiment, specs = read_simulation(text)
    own = experiment != natural(specs)
    knobs = {key: BY_KEY[key].parse(value) for key, value in reread(word).items()}
    for spec in specs:
        if idle := spec.without_hidden & set(knobs):
            raise BadRequest(f"{', '.join(sorted(idle))} does nothing in a network without hidden layers.")
    after = tuple(replace(spec, **knobs) for spec in specs)
    if len(set(after)) < len(after):
        raise BadRequest(f"With {word} networks that are compared would be the same; choose another change.")
    experiment = experiment if own else natural(after)
    require_runnable(experiment, after)
    require_affordable(experiment, after, allowance)
    if (found := written_simulation(experiment, after)) is None:
        raise BadRequest(f"With {word} this cannot be written as a text any more; use `/simulate`.")
    return found


def _present(state: State, entry: Entry | None) -> Mapping[str, tuple[Spec, object]]:
    """Return the values that may be changed, by key, each with a network that has it."""
    if not state.answer:
        _, specs = read_simulation(state.text)
        return _common(specs, set(BY_KEY).difference(*(irrelevant(spec) for spec in specs)))
    if entry is None:
        return {}
    found: dict[str, tuple[Spec, object]] = {}
    for simulation in entry.simulations:
        spec = next(iter(simulation.variants.values()))
        for key in simulation.knobs:
            value = BY_KEY[key].parse(state.knobs[key]) if key in state.knobs else getattr(spec, key)
            found.setdefault(key, (spec, value))
    return found


def _common(specs: Sequence[Spec], keys: set[str]) -> Mapping[str, tuple[Spec, object]]:
    values = {key: {getattr(spec, key) for spec in specs} for key in keys}
    return {key: (specs[0], found.pop()) for key, found in values.items() if len(found) == 1}


def _candidates(present: Mapping[str, tuple[Spec, object]]) -> Iterator[Step]:
    for key, make in _MAKERS.items():
        if key in present:
            yield from make(*present[key])


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _step(key: str, value: object, label: str, about: str) -> Iterator[Step]:
    knob = BY_KEY[key]
    word = f"{key}={knob.format(value)}"
    try:
        knob.parse(knob.format(value))
    except SimulationError:  # out of the knob's range
        return
    yield Step(word=word, label=label, about=about)


def _depth(spec: Spec, value: object) -> Iterator[Step]:
    now = int(_number(value))
    what = "time steps" if spec.arch in RECURRENT else "layers"
    yield from _step("depth", 2 * now, f"Deeper: {2 * now} {what}", f"Twice as many as now ({now})")
    if now > 1:
        yield from _step("depth", now // 2, f"Shallower: {now // 2} {what}", f"Half as many as now ({now})")


def _width(spec: Spec, value: object) -> Iterator[Step]:
    now = int(_number(value))
    what = "channels" if spec.arch == "cnn" else "units"
    yield from _step("width", 2 * now, f"Wider: {2 * now} {what}", f"Twice as many as now ({now})")
    if now > 1:
        yield from _step("width", now // 2, f"Narrower: {now // 2} {what}", f"Half as many as now ({now})")


def _activation(_: Spec, value: object) -> Iterator[Step]:
    for word, name in _NAMES.items():
        if word != value:
            yield from _step("activation", word, f"Swap the activation: {name}", f"In the place of {value}")


def _init(_: Spec, value: object) -> Iterator[Step]:
    for word, name in _INITS.items():
        if word != value:
            yield from _step("init", word, f"Other weights: {name}", f"Drawn anew in the place of {value}")


def _norm(_: Spec, value: object) -> Iterator[Step]:
    for word, name in _NORMS.items():
        if word != value:
            yield from _step("norm", word, name, "Rescales the signal in every layer")
    if value != "none":
        yield from _step("norm", "none", "Without normalisation", "See what it was good for")


def _skip(_: Spec, value: object) -> Iterator[Step]:
    if value == "none":
        yield from _step("skip", "residual", "Skip connections", "Each layer adds to what it was given")
    else:
        yield from _step("skip", "none", "Without skip connections", "See what they were good for")


def _steps(_: Spec, value: object) -> Iterator[Step]:
    now = int(_number(value))
    if not now:
        yield from _step("steps", _TRAIN, f"Train it: {_TRAIN} steps", "It is shown untrained now")
        return
    longer = _LONGER * now
    yield from _step(
        "steps", longer, f"Train longer: {longer} steps", f"{_LONGER} times as long as now ({now})"
    )
    yield from _step("steps", 0, "Before training", "The gradient at the start")


def _rate(_: Spec, value: object) -> Iterator[Step]:
    now = _number(value)
    for factor, label in ((10.0, "Faster"), (0.1, "Slower")):
        new = float(f"{now * factor:.3g}")
        yield from _step("lr", new, f"{label}: learning rate {new:g}", f"It is {now:g} now")


def _optimizer(_: Spec, value: object) -> Iterator[Step]:
    for word in ("sgd", "adam"):
        if word != value:
            name = "Adam" if word == "adam" else "SGD"
            yield from _step("optimizer", word, f"Train with {name}", f"In the place of {value}")


def _seeds(_: Spec, value: object) -> Iterator[Step]:
    more = _FEW_SEEDS * int(_number(value))
    yield from _step("seeds", more, f"More seeds: {more} networks", "The same with more random draws")


_MAKERS = {
    "depth": _depth,
    "activation": _activation,
    "steps": _steps,
    "init": _init,
    "norm": _norm,
    "skip": _skip,
    "width": _width,
    "lr": _rate,
    "optimizer": _optimizer,
    "seeds": _seeds,
}
"""In the order of the menu."""
