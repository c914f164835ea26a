"""A few words after an answer, read to the last one: what they set, take back, raise or name.

A text is read as a follow-up only if every word of it is understood. Whatever says anything else is a
question of its own.
"""

import re
from dataclasses import dataclass, field

from answers.followups import phrases
from answers.spoken import OFF, Said, number, numbers
from sim.knobs import Choice
from sim.vocabulary import BY_KEY, KEY_SYNONYMS

_GAP = re.compile(r"[\s,.;:!?()\"'&+…*_-]*")
_PAIR = re.compile(r"([a-z][a-z_-]*)\s*=\s*([\w.+−-]*\w)")
_KEY_AND_NUMBER = re.compile(
    r"([a-z][a-z_]*)\s+(?:of |is |to |at )?([-−]?\d+(?:\.\d+)?(?:e-?\d+)?)(?![\w.,^/])"
)
_OFF = {key: re.compile(rf"(?:the )?(?:{generic})\b") for key, (_, generic) in OFF.items()}
_NAMES = [(re.compile(rf"(?:{name})(?![\w-])"), key) for key, name in phrases.NAMES.items()]


@dataclass(slots=True, kw_only=True)
class Reading:
    """What a follow-up says of knobs, in words of the grammar."""

    led: bool = False
    """It begins as a follow-up does; otherwise it consists of words of the grammar only."""
    sets: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    drops: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    """Values that are not wanted."""
    factors: dict[str, float] = field(default_factory=dict[str, float])
    """What to multiply a number by."""
    named: list[str] = field(default_factory=list[str])
    """Knobs without a value."""
    bare: list[str] = field(default_factory=list[str])
    """Numbers without a knob."""

    related: bool = False
    """Its words are put in relation, as in "LeCun init for SELU"."""

    @property
    def topical(self) -> bool:
        """Whether it could be the title of a question rather than a wish: "learning rate for LSTMs"."""
        return bool(self.related or self.named or self.bare)

    @property
    def empty(self) -> bool:
        """Whether nothing is said of any knob."""
        return not (self.sets or self.drops or self.factors or self.named or self.bare)


def read(text: str, *, recurrent: bool = False) -> Reading | None:
    """Read a text, normalised by `answers.parameters.normal`, or return None where a word is left over.

    Args:
        text: what was said.
        recurrent: the answer before was about recurrent networks, whose steps are steps in time.
    """
    return _Scanner(text, recurrent=recurrent).read()


class _Scanner:
    """Goes through a text from left to right."""

    def __init__(self, text: str, *, recurrent: bool) -> None:
        self._text = text
        self._recurrent = recurrent
        self._at = 0
        self._found = Reading()
        self._negated = False
        self._replaced = False
        self._swaps = False
        self._numbers = {said.start: said for said in numbers(text)}

    def read(self) -> Reading | None:
        self._skip()
        while match := phrases.LEADS.match(self._text, self._at):
            self._found.led = True
            self._at = match.end()
            self._skip()
        while self._at < len(self._text):
            if not (self._item() or self._glue()):
                return None
            self._skip()
        return None if self._negated or self._replaced or self._found.empty else self._found

    def _skip(self) -> None:
        gap = _GAP.match(self._text, self._at)
        self._at = gap.end() if gap else self._at

    def _glue(self) -> bool:
        """Pass over a word that says how the values around it belong together, or nothing."""
        if match := phrases.INSTEADS.match(self._text, self._at):
            self._replaced = True
        elif match := phrases.NEGATIONS.match(self._text, self._at):
            self._negated = True
        elif not self._found.empty and (match := phrases.SWAPS.match(self._text, self._at)):
            self._swaps = True
        else:
            match = phrases.FILLERS.match(self._text, self._at)
            self._found.related |= bool(match and match[0] == "for")
        if not match:
            return False
        self._at = match.end()
        return True

    def _item(self) -> bool:
        """Read what says something of a knob: of all that could be meant, the longest."""
        values = [*self._absolute()]
        relative = [
            (match.end(), key, factor)
            for pattern, key, factor in phrases.RELATIVES
            if (match := pattern.match(self._text, self._at))
        ]
        names = [
            (match.end(), key) for pattern, key in _NAMES if (match := pattern.match(self._text, self._at))
        ]
        ends = {
            "value": max((said.end for said in values), default=0),
            "relative": max((end for end, *_ in relative), default=0),
            "name": max((end for end, _ in names), default=0),
        }
        end = max(ends.values())
        if (size := phrases.SIZE.match(self._text, self._at)) and size.end() > end and not self._negated:
            self._found.sets += [("depth", size[1]), ("width", size[2])]
            self._at = size.end()
            return True
        if not end:
            return self._bare_number()
        if self._negated and (generic := self._generic(end)):
            self._found.sets.append(generic)
        elif ends["value"] == end:
            self._set(max(values, key=lambda said: said.end))
        elif ends["relative"] == end:
            _, key, factor = max(relative)
            self._found.factors[key] = factor
        else:
            self._found.named.append(max(names)[1])
        self._negated = self._replaced = self._swaps = False
        self._at = max(end, self._at)
        return True

    def _absolute(self) -> list[Said]:
        text, at = self._text, self._at
        found = [self._numbers[at]] if at in self._numbers else []
        for pattern in (_PAIR, _KEY_AND_NUMBER):
            match = pattern.match(text, at)
            key = KEY_SYNONYMS.get(match[1].replace("-", "_"), match[1].replace("-", "_")) if match else ""
            if match and key in BY_KEY:
                found.append(Said(key=key, word=_word(key, match[2]), start=at, end=match.end()))
        if match := phrases.STEPS.match(text, at):
            key = "depth" if self._recurrent or self._sets_recurrent() else "steps"
            found.append(Said(key=key, word=match["value"], start=at, end=match.end()))
        found += [
            Said(key=key, word=word, start=at, end=match.end())
            for pattern, key, word in phrases.VALUES
            if (match := pattern.match(text, at))
        ]
        return found

    def _sets_recurrent(self) -> bool:
        return any(key == "arch" and word in {"rnn", "lstm", "gru"} for key, word in self._found.sets)

    def _generic(self, end: int) -> tuple[str, str] | None:
        """Return what "without normalisation" sets; of a value of such a knob, "no batch norm", the same."""
        for key, pattern in _OFF.items():
            match = pattern.match(self._text, self._at)
            if match and match.end() >= end:
                return key, OFF[key][0]
        for said in self._absolute():
            if said.end == end and said.key in OFF and said.key != "activation":
                return said.key, OFF[said.key][0]
        return None

    def _set(self, said: Said) -> None:
        pair = (said.key, said.word)
        if self._negated or self._replaced:
            self._found.drops.append(pair)
            return
        if self._swaps:
            self._take_back(said.key)
        self._found.sets.append(pair)
        self._found.named = [key for key in self._found.named if key != said.key]

    def _take_back(self, key: str) -> None:
        """Let the value before "to" go: "change sigmoid to relu", "from 20 to 50 layers"."""
        self._found.bare.clear()
        if self._found.sets and self._found.sets[-1][0] == key:
            self._found.drops.append(self._found.sets.pop())

    def _bare_number(self) -> bool:
        match = phrases.BARE_NUMBER.match(self._text, self._at)
        if not match:
            return False
        if self._swaps and self._found.named:
            self._found.sets.append((self._found.named.pop(), match[0]))
        elif self._swaps and self._found.factors:  # "increase the depth to 60"
            self._found.sets.append((self._found.factors.popitem()[0], match[0]))
        elif not (self._negated or self._replaced):
            self._found.bare.append(match[0])
        self._negated = self._replaced = self._swaps = False
        self._at = match.end()
        return True


def _word(key: str, text: str) -> str:
    knob = BY_KEY[key]
    if isinstance(knob, Choice):
        return knob.synonyms.get(text, text)
    return number(text)
