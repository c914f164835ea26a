"""Why a message was answered, offered answers or met with silence."""

from dataclasses import asdict
from typing import Any

import numpy as np

from answers.matching.gate import FEATURES, Ranked
from answers.matching.index import MEASURES
from answers.matching.match import Matcher
from answers.matching.outcome import Mode
from answers.matching.rehearsal import Question

_SHOWN = 3


def explain(matcher: Matcher, text: str, mode: Mode = Mode.ADDRESSED) -> dict[str, Any]:
    """Return what was read of a text, the evidence for the likeliest answers, and what it came to, as JSON.

    `candidates` are answers one by one, narrow ones by themselves; `none` is the nearest message that no
    answer covers; `features` is what the confidence was computed from.
    """
    decision = matcher.decide(text, mode)
    found: dict[str, Any] = {
        "read": matcher.tools.reader.plain(text),
        "method": matcher.method,
        "mode": mode.value,
        "reason": decision.reason,
    }
    question, ranked = decision.question, decision.ranked
    if question is None or ranked is None:
        return found
    lengths = np.array([question.length], dtype=np.int64)
    features = ranked.features(matcher.model.families.heads, lengths)[0].tolist()
    order = np.argsort(-ranked.shares[0], kind="stable")[:_SHOWN].tolist()
    return found | {
        "candidates": [_evidence(matcher, question, ranked, column) for column in order],
        "none": _evidence(matcher, question, ranked, len(matcher.model.index.ids)),
        "features": {name: round(value, 4) for name, value in zip(FEATURES, features, strict=True)},
        "gate": asdict(matcher.model.gate),
    }


def _evidence(matcher: Matcher, question: Question, ranked: Ranked, column: int) -> dict[str, Any]:
    text, _ = matcher.model.index.nearest_text(question.read, column)
    measures = ranked.evidence[0, column].tolist()
    found: dict[str, Any] = {
        "nearest": text,
        "measures": {name: round(value, 4) for name, value in zip(MEASURES, measures, strict=True)},
    }
    if column == len(matcher.model.index.ids):
        return found
    return {"id": matcher.model.index.ids[column], "share": round(float(ranked.shares[0, column]), 4)} | found
