"""The peers: other ways to rank the answers, all given the titles and phrasings of the answers' files."""

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np

from answers.catalog import Catalog
from answers.matching.encoder import find
from answers.matching.reading import Encoder
from benchmarks.questions.asking import Ranking

Rank = Callable[[str], Ranking]
Texts = Sequence[tuple[str, str]]
"""Each title and phrasing with the id it belongs to."""

HAS_RAPIDFUZZ = find_spec("rapidfuzz") is not None

_WORD = re.compile(r"\w+")


def texts_of(catalog: Catalog) -> Texts:
    """List every title and phrasing with its id."""
    return [(entry.id, text) for entry in catalog for text in (entry.title, *entry.phrasings)]


def rankers(texts: Texts) -> Mapping[str, Rank]:
    """Build all peers that can be built here."""
    found: dict[str, Rank] = {}
    if HAS_RAPIDFUZZ:
        found["rapidfuzz token_set_ratio"] = _fuzzy(texts)
    found["TF-IDF, words + characters"] = _tfidf(texts)
    found["BM25"] = bm25(texts)
    weights = find().path
    if weights is not None:
        from answers.matching.encoder.minilm import MiniLM  # noqa: PLC0415  its runtime comes with its weights

        found["MiniLM cosine"] = _cosine(texts, MiniLM(weights))
    return found


def best_of(owners: Sequence[str], scores: Sequence[float]) -> Ranking:
    """Rank ids by the best of their texts."""
    best: dict[str, float] = {}
    for owner, score in zip(owners, scores, strict=True):
        best[owner] = max(score, best.get(owner, -math.inf))
    return sorted(best.items(), key=lambda pair: -pair[1])


def bm25(texts: Texts, k: float = 1.5, b: float = 0.75) -> Rank:
    """Rank by Robertson and Zaragoza (2009), equation 3.15; one document per answer, all its texts."""
    documents: dict[str, Counter[str]] = {}
    for owner, text in texts:
        documents.setdefault(owner, Counter()).update(_words(text))
    mean = sum(words.total() for words in documents.values()) / len(documents)
    uses = Counter(word for words in documents.values() for word in words)
    idf = {word: math.log(1 + (len(documents) - n + 0.5) / (n + 0.5)) for word, n in uses.items()}

    def rank(text: str) -> Ranking:
        asked = _words(text)
        scores = [
            sum(
                idf[word] * words[word] * (k + 1) / (words[word] + k * (1 - b + b * words.total() / mean))
                for word in asked
                if word in words
            )
            for words in documents.values()
        ]
        return best_of(list(documents), scores)

    return rank


def _words(text: str) -> Sequence[str]:
    return _WORD.findall(text.lower())


def _fuzzy(texts: Texts) -> Rank:
    ratio: Any = import_module("rapidfuzz.fuzz").token_set_ratio
    plain: Any = import_module("rapidfuzz.utils").default_process
    owners = [owner for owner, _ in texts]
    known = [plain(text) for _, text in texts]

    def rank(text: str) -> Ranking:
        asked = plain(text)
        return best_of(owners, [ratio(asked, one) for one in known])

    return rank


def _tfidf(texts: Texts) -> Rank:
    # scikit-learn takes a second to import and has no types.
    vectorizer: Any = import_module("sklearn.feature_extraction.text").TfidfVectorizer
    union: Any = import_module("sklearn.pipeline").FeatureUnion(
        [
            ("words", vectorizer(ngram_range=(1, 2), sublinear_tf=True)),
            ("characters", vectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True)),
        ]
    )
    owners = [owner for owner, _ in texts]
    # Each half is a unit vector, so the product of two texts is the sum of two cosines.
    rows: Any = union.fit_transform([text for _, text in texts])

    def rank(text: str) -> Ranking:
        scores: Any = (rows @ union.transform([text]).T).toarray()[:, 0] / 2
        return best_of(owners, [float(score) for score in scores])

    return rank


def _cosine(texts: Texts, encoder: Encoder) -> Rank:
    owners = [owner for owner, _ in texts]
    rows = encoder([text for _, text in texts])

    def rank(text: str) -> Ranking:
        scores = np.asarray(rows @ encoder([text])[0])
        return best_of(owners, [float(score) for score in scores])

    return rank
