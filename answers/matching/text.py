"""From what a person wrote to the words that carry its meaning."""

import re
import unicodedata

MAX_TEXT = 2_000
"""Characters of a message that are read; Discord's longest message."""

_FENCE = re.compile(r"```.*?(```|\Z)", re.DOTALL)
_SPAN = re.compile(r"`([^`\n]*)`")
_QUOTED_REST = re.compile(r"^>>> .*", re.MULTILINE | re.DOTALL)
_QUOTE = re.compile(r"^>.*$", re.MULTILINE)
_LINK = re.compile(r"https?://\S+|<[@#:][^>]*>")
_WORD = re.compile(r"[0-9]+(?:\.[0-9]+)?|[^\W\d_]+(?:'[^\W\d_]+)?")
_TOKEN = re.compile(r"[^\W_]+(?:\.[0-9]+)?")
_SENTENCES = re.compile(r"(?<=[.?!;])\s+")
_MOST_WORDS = 120
_QUESTION_WORDS = 2
_SUFFIXES = (
    *("ization", "isation", "izing", "ising", "ational", "ations", "ation"),
    *("ing", "ies", "ed", "es", "s"),
)
_SHORTEST_STEM = 4
_STOP = frozenset(
    word
    for line in (
        "a an the is are was were be been do does did done of to in on at for with and or but if then so as",
        "by from into than that this these those it its i you he she we they my your me us them our what why",
        "how when where which who whom can could should would will may might must has have had not no nor",
        "only just very too also about there here",
    )
    for word in line.split()
)
_SIZE = re.compile(
    r"\b(?:(?:and )?(?:with|of|for|in|using|at|after|has|have|and)\s+)?(?:an?\s+|the\s+|my\s+)?\d{1,5}[\s-]*"
    r"(?:hidden\s+)?(?:layers?|time\s*steps?|steps|units|neurons|channels)\b(?!\s+(?:train|learn|work|are))",
    re.IGNORECASE,
)
_ASKING = re.compile(
    r"\?|^\W*(?:(?:hi|hello|hey|so|but|and|ok|also|please|guys|all|everyone|sorry)\b\W*)*"
    r"(?:what|why|how|when|where|which|who|does|do|did|is|are|was|can|could|should|would|will|explain|"
    r"tell me|anyone|anybody|any idea|help me understand)\b"
    r"|\b(?:wonder(?:ing)?|don'?t (?:get|understand|see)|do not understand|confused|explain|what is|why|"
    r"(?:can|could) (?:some|any)(?:one|body)|(?:can|could) you|does any(?:one|body))\b",
    re.IGNORECASE,
)


def strip_markup(text: str) -> str:
    """Remove code blocks, quoted lines, links and mentions: what is left is the person's own words."""
    # Normalising may make many characters of one.
    text = unicodedata.normalize("NFKC", text[:MAX_TEXT])[:MAX_TEXT]
    for pattern in (_FENCE, _QUOTED_REST, _QUOTE, _LINK):
        text = pattern.sub(" ", text)
    return " ".join(_SPAN.sub(r"\1", text).replace("`", " ").split())


def essence(text: str) -> str:
    """Return the part of a post that is read: all of a short one; what a long one asks, then its start."""
    plain = strip_markup(text)
    if len(plain.split()) <= _MOST_WORDS:
        return plain
    asked = [sentence for sentence in _SENTENCES.split(plain) if "?" in sentence]
    return " ".join(" ".join([*asked, plain]).split()[:_MOST_WORDS])


def questions(text: str) -> list[str]:
    """Return each question of a text by itself."""
    found = (sentence for sentence in _SENTENCES.split(strip_markup(text)) if "?" in sentence)
    return [sentence for sentence in found if len(words(sentence)) >= _QUESTION_WORDS]


def is_question(text: str) -> bool:
    """Tell whether a message asks something, in its form."""
    return bool(_ASKING.search(strip_markup(text)))


def without_sizes(text: str) -> str:
    """Return a text of one line without what it says of the size of a network, as in "with 50 layers"."""
    return " ".join(_SIZE.sub(" ", text).split()) if _SIZE.search(text) else text


def words(text: str) -> list[str]:
    """Return the stems of the words that carry meaning, in order."""
    return [stem(word) for word in _TOKEN.findall(_without_accents(text)) if word not in _STOP]


def literal(text: str) -> str:
    """Return all words of a text in lower case: two texts with the same are the same question."""
    return " ".join(match.group() for match in _WORD.finditer(_without_accents(strip_markup(text))))


def _without_accents(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.lower())
    return "".join(letter for letter in apart if unicodedata.category(letter) != "Mn")


def stem(word: str) -> str:
    """Cut common English endings, leaving at least four letters."""
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _SHORTEST_STEM:
            return word[: -len(suffix)]
    return word
