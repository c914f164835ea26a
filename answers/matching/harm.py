"""Whether something taught would do harm: let unrelated messages through, or lead questions astray."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from answers.matching.caution import Caution
from answers.matching.lessons import Lessons
from answers.matching.match import Matcher
from answers.matching.regression import Regression
from answers.matching.text import literal

if TYPE_CHECKING:
    from answers.catalog import Catalog

_NAMED = 3
_SHOWN = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Harm:
    """Why something must not be taught, in a sentence, and up to three messages that it would harm."""

    reason: str
    messages: tuple[str, ...]

    def __str__(self) -> str:
        return self.reason


def find_harm(
    matcher: Matcher, catalog: "Catalog", proposed: Lessons, caution: Caution = Caution.BALANCED
) -> Harm | None:
    """Try out what is proposed on every message whose answer is known; a second or two of work.

    Args:
        matcher: as it is.
        catalog: the answers that it knows.
        proposed: what would be taught, beside what was.
        caution: how sure is sure enough.
    """
    regression = Regression(matcher, list(catalog))
    for id_, texts in proposed.phrasings.items():
        for text in texts:
            if (nearer := regression.foreign(text, id_)) is not None:
                return _foreign(text, catalog.entries[id_].title, nearer)
    changes = regression.changes(matcher.updated(catalog, matcher.lessons + proposed), caution)
    proposals = {text for texts in proposed.phrasings.values() for text in texts}
    intruding = [text for text in changes.intruding if text not in proposals] or list(changes.intruding)
    if intruding:
        return _harm(
            intruding, "would be answered too, which no answer covers", "say more exactly what is asked"
        )
    if changes.misled:
        return _harm(changes.misled, "would get a wrong answer", "say more exactly what is asked")
    # What somebody says that it means nothing may well have been answered before.
    negatives = {*proposed.negatives, *(text for texts in proposed.exclusions.values() for text in texts)}
    lost = [text for text in changes.lost if text not in negatives] or list(changes.lost)
    if lost:
        return _harm(
            lost, "would not be answered any more", "take a wording that is less like a real question"
        )
    return None


def _foreign(text: str, title: str, nearer: str) -> Harm:
    what = (
        "it is a message that no answer covers"
        if literal(text) == literal(nearer)
        else f"it is nearer to {_quoted(nearer)}, which no answer covers"
    )
    cure = "write an answer for it, or let it be"
    reason = f"{_quoted(text)} has little to do with {_quoted(title)}: {what}; {cure}."
    return Harm(reason=reason, messages=(nearer,))


def _harm(texts: Sequence[str], what: str, cure: str) -> Harm:
    named = tuple(texts[:_NAMED])
    return Harm(reason=f"With it, {_listed(named, len(texts))} {what}; {cure}.", messages=named)


def _listed(named: Collection[str], count: int) -> str:
    quoted = [_quoted(text) for text in named]
    if count > len(quoted):
        quoted.append(f"{count - len(quoted)} more")
    return " and ".join([*([", ".join(quoted[:-1])] if len(quoted) > 1 else []), quoted[-1]])


def _quoted(text: str) -> str:
    words = " ".join(text.split())
    return f"“{words if len(words) <= _SHOWN else words[: _SHOWN - 1].rstrip() + '…'}”"
