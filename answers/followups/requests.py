"""Wishes that change nothing in a run: "why?", "source?", "show me the code", "not what I asked"."""

import re

from answers.followups.turn import Others, Show

# Said before a wish and after it, without saying anything.
_BEFORE = re.compile(
    r"(?:(?:and|but|or|so|ok(?:ay)?|now|also|well|hm+|ah+|oh|no|nope|sorry|actually|please|thanks|thank you"
    r"|thx|cool|great|nice|interesting|i see|yes|yeah)\b[\s,.!;:]*)+"
)
_AFTER = re.compile(
    r"[\s,.!?;:…]*(?:\b(?:please|pls|plz|thanks|thank you|though|then|here|exactly)\b[\s,.!?;:…]*)*$"
)
# The parts that wishes are put together from.
_IT = r"(?:that|this|it)"
_THIS = rf"(?: (?:{_IT}|these|the answer|your answer|these numbers))?"
_OF_THIS = rf"(?: (?:for|of|to|behind){_THIS})?"
_COULD_YOU = r"(?:(?:can|could|would|will) you )?(?:please )?"
_SOME = r"(?: (?:a|an|the|your|any|some))?"
_GIVE = r"(?:give|show|send|share|name|cite|print|post)(?: me)?"
_HAVE = (
    rf"(?:do you have|have you got|is there|are there|where (?:is|are)|(?:what|which) (?:is|are)"
    rf"|can (?:i|we) (?:get|have|see)|i (?:want|need)(?: to see)?|{_COULD_YOU}{_GIVE})"
)
_MYSELF = r"(?: (?:myself|at home|on my own|in (?:pytorch|python)))*"
_SOURCE = r"(?:sources?|references?|refs?|citations?|papers?|literature|links?|evidence|proof)"
_SCRIPT = r"(?:(?:pytorch|python|torch) )?(?:source )?(?:code|script|implementation|program)"
_ASKED = r"(?:asked|meant|mean|wanted|want|was asking|am asking|was looking)"
_NOT = rf"(?:{_IT}(?:'s| is| was)? ?(?:not|isn't|wasn't)|thats not|not)(?: (?:really|quite|exactly|at all))?"
_MORE_TO_SAY = r"(?: (?:more|again|further|better|deeper|in (?:more|greater) detail|a (?:bit|little) more))?"
_SOME_MORE = r"(?: (?:some|a (?:bit|little)))? more(?: details?| information)?"

_MORE = (
    rf"why(?: so| not| (?:is|does|would) {_IT}(?: (?:be|so|the case|happen|work|like that))*)?",
    rf"how (?:so|come)(?: is {_IT})?",
    r"in (?:what|which) (?:way|sense)",
    rf"{_COULD_YOU}(?:explain|elaborate)(?: on)?{_THIS}(?: to me)?{_MORE_TO_SAY}",
    rf"{_COULD_YOU}(?:tell|show|give)(?: me)?{_SOME_MORE}(?: (?:about|on){_THIS})?",
    rf"(?:a (?:bit|little) )?more(?: (?:details?|info|information|explanation|about {_IT}))?",
    r"(?:details?|go on|continue|long version)",
    rf"i (?:still )?(?:don't|dont|do not|didn't|did not) (?:get|understand|follow)(?: (?:{_IT}|why))?",
    rf"what (?:do you mean(?: by {_IT})?|does {_IT} mean)",
)
_SOURCES = (
    rf"(?:the |your |any |some |a )?{_SOURCE}{_OF_THIS}",
    rf"{_HAVE}{_SOME} {_SOURCE}{_OF_THIS}",
    rf"(?:which|what) {_SOURCE}(?: (?:says?|shows?) {_IT})?",
    rf"says who|who (?:says|said|showed) (?:so|{_IT})|according to (?:whom|who)|prove it",
    rf"where (?:does|did|do) (?:{_IT}|these|you)(?: numbers)? (?:come from|get {_IT}(?: from)?|read {_IT})",
    rf"where (?:is|are) (?:{_IT}|these) from",
    rf"how do you know(?: {_IT})?",
)
_CODE = (
    rf"(?:the |your |any |some )?{_SCRIPT}{_OF_THIS}",
    rf"{_HAVE}{_SOME} {_SCRIPT}{_OF_THIS}",
    rf"how (?:do|can|could|would) (?:i|we|one) (?:reproduce|run|repeat|try|check) {_IT}{_MYSELF}",
    rf"can (?:i|we) (?:run|reproduce|try) {_IT}{_MYSELF}",
    r"(?:in )?(?:pytorch|python)",
)
_OTHERS = (
    rf"{_NOT} (?:what|the thing) (?:i|we) (?:have |had )?{_ASKED}(?: (?:for|about))?",
    rf"{_NOT} (?:it|my question|the (?:right )?(?:question|answer)|an answer(?: to my question)?|the one)",
    r"(?:(?:that|this)(?:'s| is| was) (?:the |a )?)?wrong(?: (?:answer|question|topic|one))?",
    r"(?:you )?misunderstood(?: (?:me|my question|the question|it))?",
    r"you got (?:me|my question|the question|it) wrong",
    rf"i (?:didn't|didnt|did not) (?:ask|mean)(?: (?:for|about))?(?: {_IT})?",
    rf"i {_ASKED}(?: (?:for|about))? (?:another thing|something(?: (?:else|different))?)",
    r"something (?:else|different)",
    rf"(?:(?:the|any|{_GIVE}) )?(?:another|other|different)(?: (?:answers?|questions?|suggestions?|ones?))",
    r"none of (?:these|those|them)",
    r"what else(?: (?:do you have|is there|could it be))?",
    r"my question was (?:something else|different|another one)",
)


def _compiled(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(patterns))


_MEANT: tuple[tuple[re.Pattern[str], Show | Others], ...] = (
    (_compiled(_OTHERS), Others()),
    (_compiled(_SOURCES), Show(part="sources")),
    (_compiled(_CODE), Show(part="code")),
    (_compiled(_MORE), Show(part="more")),
)


def requested(text: str) -> Show | Others | None:
    """Return the wish that a text consists of, or None where it says anything else besides."""
    bare = _AFTER.sub("", text)
    before = _BEFORE.match(bare)
    for candidate in (bare, bare[before.end() :] if before else ""):
        for pattern, step in _MEANT:
            if candidate and pattern.fullmatch(candidate):
                return step
    return None
