"""The sentences of layers that know neither people nor languages, said again in the reader's language.

An error is raised as an English sentence with its values in it.  Here stand the patterns of those that
students meet most; a sentence of none of them is shown as it is.
"""

import functools
import re
import string

from bot.discord.translating.catalogue import ENGLISH
from bot.discord.translating.language import language
from bot.discord.translating.saying import marked, say

PATTERNS = (
    marked(
        "You have {most} requests under way, and that is as many as one person may have; "
        "wait for one of them, or cancel one."
    ),
    marked(
        "This server has {most} requests under way, and that is as many as one may have; "
        "ask again in a minute."
    ),
    marked("More people are asking than I can answer at once; ask again in a few minutes."),
    marked("The run was stopped after {seconds} s; ask for fewer steps, layers or seeds."),
    marked("The run used up {seconds} s of processor time; ask for fewer steps, layers or seeds."),
    marked("The run needed more than {memory} MB of memory; ask for fewer layers, units or seeds."),
    marked(
        "The run was killed, most likely because the computer ran out of memory; ask again in a minute, "
        "or for fewer layers, units or seeds."
    ),
    marked("The run crashed ({cause}); ask again, and tell the course team if it happens twice."),
    marked("The run was cancelled before its end; ask again if you still want its result."),
    marked("The bot is shutting down, so the run was stopped; ask again in a minute."),
    marked(
        "Something in the bot broke, not in what you asked; tell the course team this number: `{number}`."
    ),
    marked("A word is key=value or a known value; got {got}; did you mean {meant}?"),
    marked("A word is key=value with a known key; got {got}; did you mean {meant}?"),
    marked("This belongs to a server and its course; got a direct message; use it in a channel."),
    marked("This answer is not in the library any more; ask again with `/ask`."),
    marked("I am restarting; ask again in a minute."),
    marked("Only the person who asked can cancel this; ask your own question with `/ask`."),
    marked("This is not running any more; ask again if you still want its result."),
    marked("Too late to cancel: the result is on its way."),
    marked("I do not remember the words of that question any more; ask it again, in other words if you can."),
    marked("Thank you: your vote is counted, without your name. Press another button to change it."),
    marked(
        "Thank you: your vote is counted, without your name. The course team sees which answers do not help. "
        "Press another button to change it."
    ),
    marked("Sorry! That is noted, without your name; try to ask in other words."),
)


def reworded(sentence: str) -> str:
    """Return a sentence in the reader's language, if it is one of the patterns."""
    if language() == ENGLISH:
        return sentence
    for pattern, text in _patterns():
        if (match := pattern.fullmatch(sentence)) is not None:
            return say(text, **match.groupdict())
    return sentence


@functools.cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(_pattern(text), re.DOTALL), text) for text in PATTERNS)


def _pattern(text: str) -> str:
    parts = string.Formatter().parse(text)
    return "".join(re.escape(fixed) + (f"(?P<{name}>.+?)" if name else "") for fixed, name, _, _ in parts)
