"""The chain of encoders: vectors of meaning where the weights are there, of words where they are not."""

import importlib
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from answers.errors import NoWeights
from answers.matching.encoder import Lexical, find
from answers.matching.examples import Examples
from answers.matching.fitted import PREPARED, Fitted, load_fitted
from answers.matching.glossary import Glossary
from answers.matching.reading import Encoder, Reader, load_kept, plain
from answers.matching.rehearsal import Rehearsal
from answers.matching.shelf import Shelf

if TYPE_CHECKING:
    from answers.matching.reading import Floats

MEANING, WORDS = "minilm", "lexical"


class Tools:
    """What matchers of changing libraries share: a method, its reader, and the written questions."""

    def __init__(self, method: str, reader: Reader, examples: Examples) -> None:
        self.method, self.reader, self.examples = method, reader, examples

    @cached_property
    def rehearsal(self) -> Rehearsal:
        """The labelled messages, read when they are first needed."""
        return Rehearsal(self.examples.calibration, self.reader)

    @cached_property
    def fitted(self) -> Fitted:
        """What was fitted to the shipped library."""
        return load_fitted()

    @cached_property
    def shelf(self) -> Shelf:
        """What every library holds besides its answers."""
        return Shelf(self.examples, self.fitted.titles, self.reader)

    @cached_property
    def literals(self) -> dict[str, str]:
        """The words of texts of libraries, as `literal` returns them."""
        return {}

    def with_glossary(self, glossary: Glossary) -> "Tools":
        """Return tools with other abbreviations, and the same encoder."""
        return Tools(self.method, self.reader.with_glossary(glossary), self.examples)


def open_tools(
    method: str | None, glossary: Glossary, examples: Examples, texts: Iterable[str], *, prepared: bool = True
) -> Tools:
    """Choose a method and open what it needs.

    Args:
        method: "minilm" or "lexical"; None takes the first if its weights are there.
        glossary: abbreviations.
        examples: the written questions.
        texts: those of the library, which tell how rare a word is.
        prepared: whether to use the vectors that are shipped with the texts.

    Raises:
        NoWeights: "minilm" was asked for and its weights are not there.
    """
    found = find()
    if found.path is not None and method != WORDS:
        kept = load_kept(PREPARED) if prepared else {}
        return Tools(MEANING, Reader(_OnDemand(found.path), glossary, kept), examples)
    if method == MEANING:
        raise NoWeights(found.reason)
    written = (text for some in examples.phrasings.values() for text in some)
    known = (*texts, *written, *examples.negatives)
    return Tools(WORDS, Reader(Lexical(plain(text, glossary) for text in known), glossary), examples)


class _OnDemand:
    """The encoder of meaning, loaded with the first text that is not known: most commands have none."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._encoder: Encoder | None = None

    def __call__(self, texts: Sequence[str]) -> "Floats":
        encoder = self._encoder
        if encoder is None:
            encoder = importlib.import_module("answers.matching.encoder.minilm").MiniLM(self._path)
            self._encoder = encoder
        return encoder(texts)
