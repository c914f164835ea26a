"""From what a person wrote to the words that carry its meaning."""

import re
import unicodedata

MAX_TEXT = 2_000

_CODE = re.compile(r"```.*?(```|\Z)|`[^`\n]*`", re.DOTALL)
_QUOTE = re.compile(r"^>.*$", re.MULTILINE)
_LINK = re.compile(r"https?://\S+|<[@#:][^>]*>")
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?|[0-9]+(?:\.[0-9]+)?")
_QUESTION = re.compile(r"[^.?!;]+\?")
_QUESTION_WORDS = 2
_SUFFIXES = (
    *("ization", "isation", "izing", "ising", "ations", "ation", "ances", "ance", "ingly"),
    *("ness", "ment", "ing", "ies", "ive", "ed", "es", "ly", "s"),
)
_SHORTEST_STEM = 4

_STOP = frozenset(
    word
    for line in (
        "a an the is are was were be been am do does did done of to in on at for with and or but if then so",
        "as by from into than that this these those it its i you he she we they my your me us them our what",
        "why how when where which who whom can could should would will may might must has have had not no",
        "nor only just very too also about there here get got really actually even more some any please hi",
        "hello hey thanks thank help helped helps lot itself enough fast computer nice reason say says said",
    )
    for word in line.split()
)
_GLOSSARY = {
    "backprop": "backpropagation",
    "bp": "backpropagation",
    "bn": "batch normalization",
    "cnn": "convolutional network",
    "convnet": "convolutional network",
    "conv": "convolutional",
    "cnns": "convolutional network",
    "convnets": "convolutional network",
    "gpus": "gpu",
    "cuda": "gpu",
    "graphics": "gpu",
    "dnn": "deep neural network",
    "nn": "neural network",
    "nns": "neural network",
    "mlp": "neural network",
    "net": "network",
    "nets": "network",
    "grad": "gradient",
    "grads": "gradient",
    "logreg": "logistic regression",
    "init": "initialization",
    "lr": "learning rate",
    "mse": "squared error",
    "bce": "cross entropy",
    "disappear": "vanish",
    "disappears": "vanish",
    "disappearing": "vanish",
    "optima": "minimum",
    "optimum": "minimum",
    "minima": "minimum",
    "minimas": "minimum",
    "autograd": "automatic differentiation",
    "convexity": "convex",
    "nonconvex": "convex",
    "hardware": "gpu",
    "avoids": "avoid",
    "bottlenecks": "bottleneck",
}


def strip_markup(text: str) -> str:
    """Remove code, quoted lines, links and mentions: what is left is the person's own words."""
    text = unicodedata.normalize("NFKC", text[:MAX_TEXT])
    for pattern in (_CODE, _QUOTE, _LINK):
        text = pattern.sub(" ", text)
    return " ".join(text.split())


def asked(text: str) -> list[str]:
    """Return what may be the question in a post: all of it, and each of its questions by itself."""
    plain = strip_markup(text)
    questions = [part.strip() for part in _QUESTION.findall(plain)]
    return [plain, *(part for part in questions if part != plain and len(words(part)) >= _QUESTION_WORDS)]


def words(text: str) -> list[str]:
    """Return the stems of the words that carry meaning, in order, abbreviations spelled out."""
    return [
        stem(part) for word in tokens(text) for part in _GLOSSARY.get(word, word).split() if part not in _STOP
    ]


def tokens(text: str) -> list[str]:
    """Return the words that carry meaning as they were written, in lower case and without accents."""
    plain = unicodedata.normalize("NFKD", strip_markup(text).lower()).encode("ascii", "ignore").decode()
    bare = (match.group().removesuffix("'s") for match in _WORD.finditer(plain))
    return [word for word in bare if word not in _STOP]


def literal(text: str) -> str:
    """Return all words of a text in lower case: two texts with the same are the same question."""
    plain = unicodedata.normalize("NFKD", strip_markup(text).lower()).encode("ascii", "ignore").decode()
    return " ".join(match.group() for match in _WORD.finditer(plain))


def stem(word: str) -> str:
    """Cut common English endings, leaving at least four letters."""
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _SHORTEST_STEM:
            return word[: -len(suffix)]
    return word


def spellings(word: str) -> list[str]:
    """Return the letter trigrams of a word, which survive a typing error."""
    padded = f"^{word}$"
    return [padded[start : start + 3] for start in range(len(padded) - 2)]
