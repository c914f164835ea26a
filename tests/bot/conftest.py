"""One matcher of the shipped answers for all tests of the bot: to make one takes most of a second."""

from collections.abc import Iterator
from typing import Any

import pytest

from answers.catalog import Catalog, load
from answers.matching import Matcher
from answers.matching.glossary import Glossary, load_glossary
from answers.matching.methods import MEANING

# Where the bot makes matchers.
_MAKERS = ("bot.libraries.libraries", "bot.cli.session", "bot.cli.check")


@pytest.fixture(scope="session")
def shipped_matcher() -> Matcher:
    """What has nothing besides the shipped answers matches with; nothing that a test does changes it."""
    return Matcher(load())


@pytest.fixture(scope="module", autouse=True)
def matchers_share(shipped_matcher: Matcher) -> Iterator[None]:
    """Make what the bot makes of the shipped answers once, and open the encoder once for all others."""
    abbreviations = vars(load_glossary())

    def matcher(catalog: Catalog, *, glossary: Glossary | None = None, **how: Any) -> Matcher:
        own_words = glossary is not None and vars(glossary) != abbreviations
        # The tools of words are made for one library.
        if own_words or how or shipped_matcher.method != MEANING:
            return Matcher(catalog, glossary=glossary, **how)
        if catalog.entries == load().entries:
            return shipped_matcher
        return Matcher(catalog, tools=shipped_matcher.tools)

    with pytest.MonkeyPatch.context() as patch:
        for module in _MAKERS:
            patch.setattr(f"{module}.Matcher", matcher)
        yield
