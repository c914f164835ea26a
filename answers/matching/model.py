"""The fitted matcher of one library: evidence, ranking and gate put together."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from answers.matching.families import Families
from answers.matching.gate import Gate, Ranked, fit_gate
from answers.matching.index import Index
from answers.matching.ranking import Ranking, fit_ranking, shares
from answers.matching.rehearsal import Question, Rehearsal

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Numbers = NDArray[np.int64]

_OUT_OF_REACH = -50.0
_DOUBT = 0.1
NEARLY_THE_SAME = 0.93
"""The cosine from which a message is taken for another one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """An index with the weights that were fitted to it."""

    index: Index
    families: Families
    ranking: Ranking
    gate: Gate

    def rank(self, questions: Sequence[Question]) -> Ranked:
        """Rank all answers for each question."""
        evidence = self.index.evidence([question.read for question in questions])
        return ranked(evidence, self.ranking.scores(evidence[:, :-1]), self.families)

    def confidence(self, found: Ranked, questions: Sequence[Question]) -> "Floats":
        """Return the probability that the likeliest answer of each question is right."""
        sure = self.gate(found.features(self.families.heads, _lengths(questions)))
        # One that is nearly a message that no answer covers has none, whatever else speaks for an answer.
        nearest, none = found.evidence[:, :-1, 0].max(axis=1), found.evidence[:, -1, 0]
        doubtful = (none >= NEARLY_THE_SAME) & (none > nearest)
        return np.where(doubtful, sure * np.float32(_DOUBT), sure)


def ranked(evidence: "Floats", scores: "Floats", families: Families) -> Ranked:
    """Choose the likeliest family of each question, and its likeliest member."""
    share = shares(scores)
    summed = families.shares(share)
    heads = summed.argmax(axis=1)
    return Ranked(
        evidence=evidence,
        scores=scores,
        shares=share,
        families=summed,
        heads=heads,
        best=families.best(share, heads),
    )


def fit_weights(index: Index, families: Families, rehearsal: Rehearsal) -> Model:
    """Fit ranking and gate to labelled messages: the ranking learns from those that have an answer."""
    ids = {id_: number for number, id_ in enumerate(index.ids)}
    first = [label.ids[0] for label in rehearsal.labels]
    known = [number for number, id_ in enumerate(first) if id_ in ids]
    ranking = fit_ranking(rehearsal.evidence(index)[known, :-1], [ids[first[number]] for number in known])
    model = Model(
        index=index, families=families, ranking=ranking, gate=Gate(mean=(), scale=(), weights=(), real=())
    )
    return replace(model, gate=refit_gate(model, rehearsal))


def refit_gate(model: Model, rehearsal: Rehearsal) -> Gate:
    """Fit the gate to labelled messages; the ranking's weights do not depend on which answers there are.

    It learns from every message, and once more from the questions with their own answer taken away: what is
    then likeliest is wrong, however near it is.
    """
    labels, ids = rehearsal.labels, {id_: number for number, id_ in enumerate(model.index.ids)}
    heads, lengths = model.families.heads, _lengths(rehearsal.questions)
    evidence = rehearsal.evidence(model.index)
    found = ranked(evidence, model.ranking.scores(evidence[:, :-1]), model.families)
    own = np.array([heads[ids[label.ids[0]]] if label.ids[0] in ids else -1 for label in labels])
    accepted = [{int(heads[ids[id_]]) for id_ in label.ids if id_ in ids} for label in labels]
    answerable = own >= 0
    without = _without(found, model.families, own)
    balance = min(1.0, float(answerable.sum()) / max(int((~answerable).sum()), 1))
    weights = np.concatenate([np.where(answerable, 1.0, balance), np.ones(int(answerable.sum()))])
    return fit_gate(
        np.concatenate([found.features(heads, lengths), without.features(heads, lengths)[answerable]]),
        np.concatenate([_right(found, accepted), _right(without, accepted)[answerable]]),
        weights.astype(np.float32),
        real=len(labels),
    )


def _without(found: Ranked, families: Families, gone: "Numbers") -> Ranked:
    """Rank as if each question's own family were not in the library."""
    away = families.heads[None, :] == gone[:, None]
    evidence = found.evidence.copy()
    evidence[:, :-1][away] = -1
    return ranked(evidence, np.where(away, np.float32(_OUT_OF_REACH), found.scores), families)


def _right(found: Ranked, accepted: Sequence[set[int]]) -> "Floats":
    pairs = zip(found.heads, accepted, strict=True)
    return np.array([int(head) in own for head, own in pairs], dtype=np.float32)


def _lengths(questions: Sequence[Question]) -> "Numbers":
    return np.array([question.length for question in questions], dtype=np.int64)
