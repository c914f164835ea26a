"""What people taught a matcher beyond the answers' texts: wordings they accepted, what is not meant."""

from collections.abc import Mapping
from dataclasses import dataclass, field

_Texts = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lessons:
    """Wordings beside the library; what is said here counts more than what stands in an answer's file."""

    phrasings: _Texts = field(default_factory=dict[str, tuple[str, ...]])
    """More ways of asking for an answer, by its id."""
    negatives: tuple[str, ...] = ()
    """Messages that no answer covers."""
    exclusions: _Texts = field(default_factory=dict[str, tuple[str, ...]])
    """Messages that one answer is not meant by, by its id."""

    def __bool__(self) -> bool:
        return bool(self.phrasings or self.negatives or self.exclusions)

    def __add__(self, more: "Lessons") -> "Lessons":
        return Lessons(
            phrasings=_joined(self.phrasings, more.phrasings),
            negatives=tuple(dict.fromkeys((*self.negatives, *more.negatives))),
            exclusions=_joined(self.exclusions, more.exclusions),
        )


NO_LESSONS = Lessons()


def _joined(some: _Texts, more: _Texts) -> _Texts:
    ids = dict.fromkeys((*some, *more))
    return {id_: tuple(dict.fromkeys((*some.get(id_, ()), *more.get(id_, ())))) for id_ in ids}
