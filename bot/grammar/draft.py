"""What somebody has typed so far of `SPEC [vs SPEC…]`, read as far as it can be."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from sim.asked import KEY
from sim.errors import SpecError
from sim.spec import MAX_VARIANTS, Spec
from sim.support import EXPERIMENTS, natural, require_runnable
from sim.vocabulary import BARE_WORDS, BY_KEY, KEY_SYNONYMS
from sim.words import read

_VS = re.compile(r"(?:^|\s)vs\.?(?=\s|$)", re.IGNORECASE)
_EXPERIMENT = re.compile(rf"(?<![^\s,]){KEY}\s*=\s*([^\s,]*)", re.IGNORECASE)
_DEFAULT = Spec()
_ALL_WORDS = (*BARE_WORDS, *BY_KEY, *KEY_SYNONYMS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Finished configurations, and the last one, of which some words are given."""

    before: tuple[Spec, ...] = ()
    spec: Spec = _DEFAULT
    given: Mapping[str, Any] = field(default_factory=dict[str, Any])
    inherited: frozenset[str] = frozenset()
    """The knobs that the first configuration gives."""
    experiment: str | None = None
    words: bool = False
    """Whether there is any word of a configuration."""

    @property
    def may_compare(self) -> bool:
        """Whether another configuration may follow."""
        return self.is_runnable and len(self.before) + 1 < MAX_VARIANTS

    @property
    def is_runnable(self) -> bool:
        """Whether the text is complete and makes sense; what it costs is another question."""
        if not self.words or (self.before and not self.given):
            return False
        if self.spec in self.before:
            return False
        specs = (*self.before, self.spec)
        # What the first configuration gives may be there for others to inherit.
        first, *others = (spec.without_hidden for spec in specs)
        idle = first.intersection(*others)
        if not idle.isdisjoint(self.inherited if self.before else self.given):
            return False
        try:
            require_runnable(self.experiment or natural(specs), specs)
        except SpecError:
            return False
        return True

    def with_word(self, word: str) -> "Draft | None":
        """Return the draft with one more word; None if it was given before, or cannot be."""
        key, _, value = word.partition("=")
        if key == KEY:
            taken = self.experiment is not None or value not in EXPERIMENTS
            return None if taken else replace(self, experiment=value)
        more = _meaning(word)
        if more is None or any(key in self.given for key in more):
            return None
        if "arch" in more:  # some architectures imply other words
            spec = Spec.parse(word, base=self.spec, inherited=(*self.given, *self.inherited))
        else:
            spec = replace(self.spec, **more)
        given = {**self.given, **more}
        if not spec.without_hidden.isdisjoint(given):
            return None
        return replace(self, spec=_without_idle(spec), given=given, words=True)


def read_draft(text: str) -> Draft | None:
    """Read what was typed; None if no further word would make sense of it."""
    experiments = [match[1].lower().replace("-", "_") for match in _EXPERIMENT.finditer(text)]
    if len(experiments) > 1 or any(name not in EXPERIMENTS for name in experiments):
        return None
    parts = _VS.split(_EXPERIMENT.sub(" ", text))
    try:
        given = [read(part) for part in parts]
        first = Spec.parse(parts[0])
        parsed = [first, *(Spec.parse(part, base=first, inherited=given[0]) for part in parts[1:])]
    except SpecError:
        return None
    if len(parts) > MAX_VARIANTS or not all(given[: len(parts) - 1]):
        return None
    idle = (spec.without_hidden for spec in parsed[1:])
    if not all(one.isdisjoint(own) for one, own in zip(idle, given[1:], strict=True)):
        return None
    *before, spec = map(_without_idle, parsed)
    if len(set(before)) < len(before):
        return None
    return Draft(
        before=tuple(before),
        spec=spec,
        given=given[-1],
        inherited=frozenset(given[0]) if before else frozenset(),
        experiment=experiments[0] if experiments else None,
        words=any(given),
    )


def mended(text: str) -> str:
    """Return the text with every word that cannot be read replaced by the nearest one, if one is near."""
    return " ".join(map(_mended, text.split()))


def _mended(word: str) -> str:
    if _VS.fullmatch(word) or word.lower().startswith(f"{KEY}=") or _meaning(word) is not None:
        return word
    key, equals, value = word.partition("=")
    close = get_close_matches(key.lower(), _ALL_WORDS, n=1)
    return f"{close[0]}{equals}{value}" if close else word


@lru_cache(maxsize=2048)
def _meaning(word: str) -> Mapping[str, Any] | None:
    """Return what one word gives; None if it is no word of the grammar."""
    try:
        return read(word) or None
    except SpecError:
        return None


def _without_idle(spec: Spec) -> Spec:
    """Leave out what a logistic regression inherits and has no use for, as the grammar does."""
    if not (idle := spec.without_hidden):
        return spec
    return replace(spec, **{key: getattr(_DEFAULT, key) for key in idle})
