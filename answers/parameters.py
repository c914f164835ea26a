"""What a question says about the network it has in mind: "with 50 layers", "using tanh and Xavier".

Only what is said of the asker's own network counts. A word that is merely mentioned ("why is ReLU better?")
is what the question is about, and the answer has its own simulation of that.
"""

import re
from collections.abc import Iterator, Mapping

from answers.matching.text import strip_markup
from answers.spoken import NAMED, OFF, Said, apart, as_pattern, is_value, numbers, spellings
from answers.typos import corrected
from sim.knobs import Choice
from sim.vocabulary import BARE_WORDS, BY_KEY, KEY_SYNONYMS, RECURRENT
from sim.words import read

# What introduces the network of the asker.
_OWN = (
    r"(?:with|using|uses?|having|has|in an?|for an?|in my|for my|in|for|about|on|\+"
    r"|(?:with|using|having|has)\b[^.?!]{0,40}\band)"
)
_BETWEEN = r"(?:\s+(?:an?|the|my|only|pure|plain|deep|all))*\s+"
# "the first two layers" are part of a network, not its depth.
_SOME_OF_THEM = re.compile(r"\b(?:first|last|next|lower|upper|early|other|these|those|top)\s*$")
_NEGATED = re.compile(
    r"\b(?:without|no|not|not using|instead of|rather than|never|never using|don't|doesn't|isn't|than)\s*$"
)
_WITHOUT = r"\b(?:without|no|not using|don't use|do not use|doesn't use|turn(?:ed|ing)? off)"
_COMPARED = re.compile(r"\b(?:vs|versus|or|than|compared (?:to|with)|against)\b")
_PAIR = re.compile(r"(?<![\w`])([a-z][a-z_]*)\s*=\s*([a-z][\w-]*|-?\d+(?:\.\d+)?(?:e-?\d+)?)(?![\d,^/]*\d)")
_SIZE = re.compile(r"(?<![\w.,])(\d{1,3})\s?[x×]\s?(\d{1,4})(?![\w.,])")
# What may stand between the words of a network said without "with": "50 layer deep mlp, tanh xavier".
_GAP = re.compile(r"[\s,;+&]*(?:(?:deep|plain|and|with|of|networks?|nets?|fully[\s-]connected)[\s,]+)*")


def parameters(question: str) -> dict[str, str]:
    """Return the knobs that a question sets for its own network, as words of the grammar by key.

    A knob that the question sets twice, to different values, is left out: it compares them.
    """
    text = normal(question)
    found: dict[str, set[str]] = {}
    for key, word in (
        *_numbers(text),
        *_words(text),
        *_named(text),
        *_pairs(text),
        *_off(text),
        *_terse(text),
    ):
        found.setdefault(key, set()).add(word)
    for key, word in _time_steps(text, found.get("arch", set())):
        found.setdefault(key, set()).add(word)
    return {key: words.pop() for key, words in found.items() if len(words) == 1}


def normal(text: str) -> str:
    """Return a person's own words in lower case, shorthand written out and misspelt words mended."""
    # A value written as code is still said: "with `relu`"; a block of code is not.
    text = re.sub(r"(?<!`)`([^`\n]*)`(?!`)", r"\1", text)
    text = " ".join(re.sub(r"[’']", "'", strip_markup(text).lower()).split())
    text = re.sub(r"(?<!\w)w/\s?o(?!\w)", "without", text)
    text = re.sub(r"(?<!\w)w/\s*", "with ", text)
    return re.sub(r"initiali[sz](?:ation|ed|ing)?", "initialization", corrected(text))


def written(wanted: Mapping[str, str]) -> str:
    """Write the knobs that a question sets as a short configuration: "50x64 tanh lr=0.01"."""
    words = dict(wanted)
    size = [f"{words.pop('depth')}x{words.pop('width')}"] if {"depth", "width"} <= words.keys() else []
    return " ".join([*size, *(_short(key, word) for key, word in words.items())])


def reread(text: str) -> dict[str, str]:
    """Return the knobs that `written` wrote; raise SpecError if a word is none."""
    return {key: BY_KEY[key].format(value) for key, value in read(text).items()}


def _short(key: str, word: str) -> str:
    alone = word not in BY_KEY and BARE_WORDS.get(word) == ((key, word),)
    return word if alone else f"{key}={word}"


def _numbers(text: str) -> Iterator[tuple[str, str]]:
    for said in numbers(text):
        before = text[: said.start]
        if not _SOME_OF_THEM.search(before) and not _NEGATED.search(before) and is_value(said.key, said.word):
            yield said.key, said.word


def _words(text: str) -> Iterator[tuple[str, str]]:
    for key, patterns in _PATTERNS.items():
        taken: list[tuple[int, int]] = []
        for pattern, word in patterns:
            for match in pattern.finditer(text):
                span = match.span("word")
                inside = any(start < span[1] and span[0] < end for start, end in taken)
                if not inside and not _NEGATED.search(text[: match.start()]):
                    taken.append(span)
                    yield key, word


def _named(text: str) -> Iterator[tuple[str, str]]:
    for key, pattern in _NAMED_PATTERNS.items():
        for match in pattern.finditer(text):
            word = _ANY_SPELLING[key][re.sub(r"[\s_-]+", " ", match["after"] or match["before"])]
            if not _NEGATED.search(text[: match.start()]):
                yield key, word


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    """Read "depth=50", as the grammar writes it."""
    for match in _PAIR.finditer(text):
        key = KEY_SYNONYMS.get(match[1], match[1])
        if key in BY_KEY and is_value(key, match[2]):
            knob = BY_KEY[key]
            yield key, knob.parse(match[2]) if isinstance(knob, Choice) else match[2]


def _off(text: str) -> Iterator[tuple[str, str]]:
    """Read "without batch norm"."""
    for key, pattern in _OFF_PATTERNS.items():
        if pattern.search(text):
            yield key, OFF[key][0]


def _terse(text: str) -> Iterator[tuple[str, str]]:
    """Read words of the grammar that stand side by side with a number: "50 layer mlp tanh xavier"."""
    counted = [said for said in numbers(text) if is_value(said.key, said.word)]
    every = [
        Said(key=key, word=word, start=match.start(), end=match.end())
        for key, patterns in _ALONE.items()
        for pattern, word in patterns
        for match in pattern.finditer(text)
    ]
    mentioned = [said for said in apart(every) if not _NEGATED.search(text[: said.start])]
    sizes = [
        Said(key="", word=match[0], start=match.start(), end=match.end()) for match in _SIZE.finditer(text)
    ]
    for run in _runs(text, apart([*counted, *mentioned, *sizes])):
        # Numbers alone are read elsewhere, and words alone are what the question is about.
        if len({said in mentioned for said in run}) == 1:
            continue
        sized = any(said.key in {"depth", "width"} for said in run)
        for said in run:
            if said in sizes and not sized:
                depth, width = re.findall(r"\d+", said.word)
                yield from (
                    (key, word) for key, word in (("depth", depth), ("width", width)) if is_value(key, word)
                )
            elif said in mentioned and not _compares(text, said, mentioned):
                yield said.key, said.word


def _runs(text: str, found: list[Said]) -> Iterator[list[Said]]:
    run: list[Said] = []
    for said in found:
        if run and not _GAP.fullmatch(text[run[-1].end : said.start]):
            yield run
            run = []
        run.append(said)
    if run:
        yield run


def _compares(text: str, said: Said, mentioned: list[Said]) -> bool:
    """Tell whether another value of the same knob is mentioned, as in "20 layer relu vs sigmoid"."""
    others = (one for one in mentioned if one.key == said.key and one.word != said.word)
    return any(others) or bool(_COMPARED.match(text[said.end :].lstrip()))


def _time_steps(text: str, arch: set[str]) -> Iterator[tuple[str, str]]:
    """Read the steps of a recurrent network: "for an LSTM with 100 steps" are steps in time."""
    match = re.search(r"\b(?:with|over|of|and)\s+(\d{1,3})\s+steps\b", text)
    if match and arch & set(RECURRENT) and is_value("depth", match[1]):
        yield "depth", match[1]


def _longest_first(said: Mapping[str, str]) -> list[tuple[str, str]]:
    return sorted(said.items(), key=lambda pair: -len(pair[0]))


_CHOICES = {key: said for key in BY_KEY if (said := spellings(key))}
_ALONE = {
    key: [
        (re.compile(rf"(?<![\w-]){as_pattern(spelling)}(?![\w-])"), word)
        for spelling, word in _longest_first(said)
    ]
    for key, said in _CHOICES.items()
}
_PATTERNS = {
    key: [
        (re.compile(rf"\b{_OWN}{_BETWEEN}(?P<word>{as_pattern(spelling)})\b"), word)
        for spelling, word in _longest_first(said)
    ]
    for key, said in _CHOICES.items()
}
_ANY_SPELLING = {key: spellings(key, ambiguous=True) for key in NAMED}


def _named_pattern(key: str, name: str) -> re.Pattern[str]:
    words = "|".join(as_pattern(spelling) for spelling, _ in _longest_first(_ANY_SPELLING[key]))
    return re.compile(
        rf"\b(?:{name})(?:\s*[=:]\s*|\s+(?:is|as|by|of type)\s+)(?P<after>{words})\b"
        rf"|\b(?P<before>{words})\s+as\s+(?:an?\s+|the\s+|my\s+)?(?:{name})\b"
    )


_NAMED_PATTERNS = {key: _named_pattern(key, name) for key, name in NAMED.items()}
_OFF_PATTERNS = {
    key: re.compile(
        rf"{_WITHOUT}(?:\s+(?:any|the|an?|my))?\s+(?:"
        + "|".join([*(as_pattern(spelling) for spelling in _CHOICES.get(key, ())), generic])
        + r")\b"
    )
    for key, (_, generic) in OFF.items()
    if key != "activation"  # "the last layer has no activation" is said of one layer
}
