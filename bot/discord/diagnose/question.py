"""What becomes of a question here: asked directly, and said to nobody in a channel."""

from collections.abc import Iterator

from answers.matching import Answer, Candidate, Match, Mode, Offer
from answers.matching.caution import THRESHOLDS
from bot.discord.diagnose.finding import Finding, fine, note
from bot.discord.translating import marked, say
from bot.discord.words import quiet
from bot.service import MAX_QUESTION, Service
from bot.thinking import think

_TITLE = 80
_SURENESS = (
    (0.97, marked("as good as certain")),
    (0.8, marked("sure")),
    (0.5, marked("rather sure")),
    (0.15, marked("unsure")),
    (0.0, marked("without an idea")),
)
_NUMBERS = marked("-# I am {sureness}, {confidence}; *{caution}* asks for {enough} here.")
_TEACH = marked(
    "Is it one of these answers? `/answer edit` adds the wording to its phrasings. Is it none? `/answer new`."
)
_ASK = marked("Ask in other words, or with more of them; `/help` has examples.")


async def question_findings(service: Service, text: str, *, team: bool) -> list[Finding]:
    """Say what the bot makes of a question.

    Args:
        service: of the server.
        text: the question.
        team: whether it is told with numbers, and for both ways to ask.
    """
    asked = text[:MAX_QUESTION]
    modes = (Mode.ADDRESSED, Mode.CHANNEL) if team else (Mode.ADDRESSED,)
    found = [(mode, await think(_decide, service, asked, mode)) for mode in modes]
    return [_finding(service, mode, match, team=team) for mode, match in found]


def _decide(service: Service, text: str, mode: Mode) -> Match:
    return service.matcher.match(text, mode=mode, caution=service.caution)


def _finding(service: Service, mode: Mode, match: Match, *, team: bool) -> Finding:
    text = "\n".join(_lines(service, mode, match, team=team))
    if isinstance(match, Answer):
        return fine(text)
    return note(text, say(_TEACH if team else _ASK) if mode is Mode.ADDRESSED else "")


def _lines(service: Service, mode: Mode, match: Match, *, team: bool) -> Iterator[str]:
    asked = say("**Asked directly**") if mode is Mode.ADDRESSED else say("**Said to nobody in a channel**")
    yield f"{asked}: {_outcome(match)}"
    if not isinstance(match, Answer):
        yield from (f"- {_titled(one)}" for one in match.candidates)
    if team:
        yield say(
            _NUMBERS,
            sureness=sureness(match.confidence),
            confidence=f"{match.confidence:.2f}",
            enough=f"{THRESHOLDS[service.caution].enough(mode):.2f}",
            caution=service.caution.value,
        )


def _outcome(match: Match) -> str:
    if isinstance(match, Answer):
        given = next(one for one in match.candidates if one.id == match.id)
        return say("I answer with {title}.", title=_titled(given))
    if isinstance(match, Offer):
        return say("I offer a choice of these.")
    return say("I do not answer. The nearest are these.") if match.candidates else say("I do not answer.")


def sureness(confidence: float) -> str:
    """Say how sure the bot is."""
    return next(say(words) for least, words in _SURENESS if confidence >= least)


def _titled(one: Candidate) -> str:
    return f"*{quiet(one.title, _TITLE)}*"
