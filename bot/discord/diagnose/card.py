"""What was found, on a card: what is wrong first."""

from collections.abc import Sequence

from discord import ui

from bot.discord.cards import Card, boxed
from bot.discord.diagnose.finding import Finding, Verdict
from bot.discord.limits import CARD_TEXT, fit
from bot.discord.translating import marked, say
from bot.discord.words import quiet

_QUESTION = 200
_ROOM = 500
"""Characters for what stands around the findings."""
_ALL_FINE = marked("Nothing is in the way: mention me, or use `/ask`.")
_SOME = marked("What is in the way stands first, with what to do.")
_ORDER = (Verdict.WRONG, Verdict.FINE, Verdict.NOTE)


def diagnosis_card(
    place: str, findings: Sequence[Finding], *, question: str = "", about: Sequence[Finding] = ()
) -> Card:
    """Make the card.

    Args:
        place: the channel, mentioned.
        findings: what was found there and everywhere.
        question: what was asked about.
        about: what becomes of that.
    """
    is_fine = all(one.verdict is not Verdict.WRONG for one in findings)
    head = say("## Do I answer in {place}?", place=place)
    texts = [f"{head}\n{say(_ALL_FINE if is_fine else _SOME)}"]
    asked = "\n".join(map(str, about))
    ordered = sorted(findings, key=lambda one: _ORDER.index(one.verdict))
    texts.append("\n".join(fit([str(one) for one in ordered], CARD_TEXT - len(asked) - _ROOM)))
    if question:
        shown = say("### “{question}”", question=quiet(question, _QUESTION))
        texts.append(f"{shown}\n{asked}")
    return Card(view=boxed([ui.TextDisplay(text) for text in texts]))
