"""What a change would do to the messages whose answers are known: it must not let unrelated ones through."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from answers.entry import Entry
from answers.matching.caution import THRESHOLDS, Caution
from answers.matching.examples import Labelled
from answers.matching.match import Matcher
from answers.matching.model import ranked
from answers.matching.outcome import Answer, Mode
from answers.matching.rehearsal import Rehearsal

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

_NONE = ("none",)
_ABOUT_THE_SAME = 0.65
"""The cosine from which a message is about what an answer of one's own is about."""
_MOVED = 0.02
"""A confidence that changes by less crossed its threshold by chance."""
_AKIN, _NEARER = 0.4, 0.25
"""A wording this near a message that no answer covers, and so much nearer than to its answer, is foreign.

Of 1,205 questions of the tests, most of them oblique, that holds for 3 and their own answer; of 260 other
messages and any answer, for 210.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What a change does to messages, by what is known of them."""

    intruding: tuple[str, ...]
    """No answer covers them, and now they are answered."""
    misled: tuple[str, ...]
    """They were answered right, or not at all, and now they are answered wrong."""
    lost: tuple[str, ...]
    """They were answered right, and now they are not."""


class Regression:
    """Messages with what is known of them: the written ones, and the texts of a library's own answers."""

    def __init__(self, matcher: Matcher, entries: Sequence[Entry]) -> None:
        """Collect the messages.

        Args:
            matcher: as it is, before any change.
            entries: the answers that it knows.
        """
        self._before = matcher
        self._own = frozenset(entry.id for entry in entries if not matcher.tools.shelf.is_shipped(entry))
        self._part_of = {entry.id: entry.part_of for entry in entries if entry.part_of}
        labels = dict(_labels(matcher, entries, {entry.id for entry in entries} - self._own))
        self._labels = [Labelled(text, ids) for text, ids in labels.items()]
        self._rehearsal = Rehearsal(self._labels, matcher.tools.reader)

    def __len__(self) -> int:
        return len(self._labels)

    def foreign(self, text: str, id_: str) -> str | None:
        """Return the message without an answer that a wording is much nearer to than to its own answer."""
        uncovered = np.array([label.ids == _NONE for label in self._labels])
        index = self._before.model.index
        if id_ not in index.ids or not uncovered.any():
            return None
        read = self._before.tools.reader.question(text)
        cosines = np.where(uncovered, self._rehearsal.vectors @ read.vector, -1)
        place = int(cosines.argmax())
        own = index.nearest_text(read, index.ids.index(id_))[1]
        is_foreign = cosines[place] >= _AKIN and cosines[place] - own >= _NEARER
        return self._labels[place].text if is_foreign else None

    def changes(self, after: Matcher, caution: Caution = Caution.BALANCED) -> Changes:
        """Compare what is decided about every message, addressed and in a channel."""
        found: dict[str, list[str]] = {"intruding": [], "misled": [], "lost": []}
        for number in self._suspicious(after, caution):
            for kind in {self._judge(number, after, mode, caution) for mode in Mode} - {""}:
                found[kind].append(self._labels[number].text)
        return Changes(**{kind: tuple(texts) for kind, texts in found.items()})

    def _judge(self, number: int, after: Matcher, mode: Mode, caution: Caution) -> str:
        """Decide about one message as about a student's, before and after."""
        label = self._labels[number]
        was, now = (_answer(matcher, label.text, mode, caution) for matcher in (self._before, after))
        if was == now:
            return ""
        if label.ids == _NONE:
            return "intruding" if now and not was and not self._is_about(number, now) else ""
        right = self._family(label.ids)
        if now is not None:
            return "misled" if now not in right and (was is None or was in right) else ""
        return "lost" if was in right and mode is Mode.ADDRESSED else ""

    def _is_about(self, number: int, id_: str) -> bool:
        """Tell whether a message is about what an answer of this library's own was written for."""
        ids = self._before.model.index.ids
        return id_ in self._own and id_ in ids and self._near[number, ids.index(id_)] >= _ABOUT_THE_SAME

    def _family(self, ids: Iterable[str]) -> frozenset[str]:
        """Return answers with what they are part of, and their parts."""
        right = set(ids)
        wholes = {self._part_of[id_] for id_ in right if id_ in self._part_of}
        return frozenset(right | wholes | {part for part, whole in self._part_of.items() if whole in right})

    @cached_property
    def _evidence(self) -> "Floats":
        return self._rehearsal.evidence(self._before.model.index)

    @property
    def _near(self) -> "Floats":
        return self._evidence[:, :, 0]

    def _rank(self, matcher: Matcher, evidence: "Floats") -> "tuple[Sequence[str], Floats]":
        """Return the likeliest answer to every message, and how likely it is right."""
        model = matcher.model
        found = ranked(evidence, model.ranking.scores(evidence[:, :-1]), model.families)
        heads: list[int] = found.heads.tolist()
        ids = [model.index.ids[head] for head in heads]
        return ids, model.confidence(found, self._rehearsal.questions)

    def _suspicious(self, after: Matcher, caution: Caution) -> Sequence[int]:
        """Return the messages that may be decided differently; all at once, which takes a second, not ten."""
        before = self._before
        was_ids, was = self._rank(before, self._evidence)
        now_ids, now = self._rank(after, self._rehearsal.evidence(after.model.index))
        edges = np.array([THRESHOLDS[caution].enough(mode) for mode in Mode])
        crossed = ((was[:, None] >= edges) != (now[:, None] >= edges)).any(axis=1)
        others = np.array([one != other for one, other in zip(was_ids, now_ids, strict=True)])
        likely = np.maximum(was, now) >= edges.min()
        found = (crossed & (np.abs(was - now) >= _MOVED)) | (others & likely)
        found |= before.exclusions.touch(self._rehearsal.vectors)
        found |= after.exclusions.touch(self._rehearsal.vectors)
        found |= np.array([before.known(label.text) != after.known(label.text) for label in self._labels])
        return np.flatnonzero(found).tolist()


def _labels(
    matcher: Matcher, entries: Sequence[Entry], known: set[str]
) -> Iterable[tuple[str, tuple[str, ...]]]:
    """Return messages with the answers that are right for them; of those said twice the last one counts.

    Of a shipped answer that this library does not have, or has changed, nothing is known.
    """
    for label in matcher.tools.examples.calibration:
        if label.ids[0] in known:
            yield label.text, tuple(id_ for id_ in label.ids if id_ in known)
        elif label.ids[0] not in matcher.tools.fitted.titles:
            yield label.text, tuple(id_ for id_ in label.ids if id_ in known) or _NONE
    for text in (*matcher.tools.examples.negatives, *matcher.lessons.negatives):
        yield text, _NONE
    for entry in entries:
        for text in (entry.title, *entry.phrasings, *matcher.lessons.phrasings.get(entry.id, ())):
            yield text, (entry.id,)


def _answer(matcher: Matcher, text: str, mode: Mode, caution: Caution) -> str | None:
    found = matcher.match(text, mode=mode, caution=caution)
    return found.id if isinstance(found, Answer) else None
