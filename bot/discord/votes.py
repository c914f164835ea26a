"""What readers think of a reply: buttons that carry the number of its question, so they outlive a restart.

The words of the question are in memory only, for a while; without them a vote is counted all the same.
"""

import re
from typing import Self

import discord
from discord import ui

from answers.followups import Turn
from bot.discord.explained import explained
from bot.discord.here import client_of, guild_of
from bot.discord.telling import tell
from bot.discord.translating import marked, say
from bot.pending import Choice, Question
from bot.reply import AnswerReply, AskReply, OfferReply, SimulationReply
from bot.storage.feedback import Verdict

NOT_ASKED = marked("Not what I asked")
"""As somebody would say it; it is asked as a follow-up to the answer."""
_NONE = marked("None of these")
_FORGOTTEN = "I do not remember the words of that question any more; ask it again, in other words if you can."

_LETTERS = {Verdict.HELPFUL: "h", Verdict.UNHELPFUL: "u", Verdict.MISMATCH: "m"}
_VERDICTS = {letter: verdict for verdict, letter in _LETTERS.items()}
_LABELS = {
    Verdict.HELPFUL: (marked("Helpful"), "👍"),
    Verdict.UNHELPFUL: (marked("Not helpful"), "👎"),
    Verdict.MISMATCH: (NOT_ASKED, None),
}
_VOTE, _OFFER = "backchat:1:vote:", "backchat:1:none:"


class VoteButton(
    ui.DynamicItem[ui.Button[ui.LayoutView]],
    template=rf"{_VOTE}(?P<verdict>[hum]):(?P<number>\d{{1,18}}):(?P<slug>[a-z0-9_]{{1,40}})",
):
    """One vote on the answer to the question of this number; 0 is a question that was not counted."""

    def __init__(self, verdict: Verdict, number: int | None, slug: str) -> None:
        label, emoji = _LABELS[verdict]
        custom_id = f"{_VOTE}{_LETTERS[verdict]}:{number or 0}:{slug}"
        super().__init__(ui.Button(label=say(label), emoji=emoji, custom_id=custom_id))
        self.verdict = verdict
        self.number = number
        self.slug = slug

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: ui.Item[ui.LayoutView], match: re.Match[str], /
    ) -> Self:
        """Rebuild the button from the id that Discord sends when it is pressed."""
        del interaction, item
        return cls(_VERDICTS[match["verdict"]], int(match["number"]) or None, match["slug"])

    @explained
    async def callback(self, interaction: discord.Interaction) -> None:
        """Count the vote; who got another answer than they asked for is offered others."""
        client, turn = client_of(interaction), _turn(interaction)
        if self.verdict is Verdict.MISMATCH and turn is not None:
            await _take(interaction, turn, self.number)
            return
        await interaction.response.defer(ephemeral=True, thinking=True)
        guild = guild_of(interaction)
        if self.verdict is Verdict.MISMATCH and (guild is None or self.number is None):
            await tell(interaction, _FORGOTTEN)
            return
        said = await client.hub.post.voting.vote(
            guild,
            self.number,
            self.verdict,
            user_id=str(interaction.user.id),
            question=turn.question if turn is not None else None,
            slug=self.slug,
        )
        await tell(interaction, said)


class NoneButton(ui.DynamicItem[ui.Button[ui.LayoutView]], template=rf"{_OFFER}(?P<number>\d{{1,18}})"):
    """Says that no answer of an offer is the right one; the id carries the number of the question."""

    def __init__(self, number: int | None) -> None:
        super().__init__(ui.Button(label=say(_NONE), custom_id=f"{_OFFER}{number or 0}"))
        self.number = number

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: ui.Item[ui.LayoutView], match: re.Match[str], /
    ) -> Self:
        """Rebuild the button from the id that Discord sends when it is pressed."""
        del interaction, item
        return cls(int(match["number"]) or None)

    @explained
    async def callback(self, interaction: discord.Interaction) -> None:
        """Offer what comes next, if anything does."""
        if (turn := _turn(interaction)) is None:
            await tell(interaction, _FORGOTTEN)
            return
        await _take(interaction, turn, self.number)


def add_votes(client: discord.Client) -> None:
    """Let the buttons work on every message, whenever it was sent."""
    client.add_dynamic_items(VoteButton, NoneButton)


def vote_row(reply: AskReply | SimulationReply, number: int | None) -> ui.ActionRow[ui.LayoutView] | None:
    """Return the buttons that stand below a reply, if it is one to be judged.

    Args:
        reply: what was said.
        number: of its question; without one there is nothing to vote on, but still something to object to.
    """
    row: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
    if isinstance(reply, OfferReply):
        return row.add_item(NoneButton(number))
    if not isinstance(reply, AnswerReply):
        return None
    for verdict in Verdict if number is not None else (Verdict.MISMATCH,):
        row.add_item(VoteButton(verdict, number, reply.id))
    return row


def objectionable(reply: AskReply | SimulationReply) -> Turn | None:
    """Return what "not what I asked" is about, below a reply; for an offer all of its answers are refused."""
    if isinstance(reply, AnswerReply):
        return reply.turn
    if isinstance(reply, OfferReply) and reply.candidates:
        refused = tuple(candidate.id for candidate in reply.candidates)
        return reply.turn or Turn(answer=refused[0], question=reply.question, refused=refused)
    return None


def chosen_from(interaction: discord.Interaction, answer: str, knobs: str) -> Choice:
    """Return the choice of an answer, with the question for which it was offered where it was."""
    choice = Choice(answer=answer, knobs=knobs)
    if (message := interaction.message) is None:
        return choice
    for item in ui.LayoutView.from_message(message, timeout=None).walk_children():
        if found := re.fullmatch(rf"{_OFFER}(\d{{1,18}})", str(getattr(item, "custom_id", ""))):
            turn = client_of(interaction).requests.shown.at(message.id)
            question = turn.question if turn is not None else ""
            return Choice(
                answer=answer, knobs=knobs, offered=True, number=int(found[1]) or None, question=question
            )
    return choice


def _turn(interaction: discord.Interaction) -> Turn | None:
    """Return what the message is about; None if that is forgotten, or its answer gone from the library."""
    if interaction.message is None:
        return None
    client = client_of(interaction)
    turn = client.requests.shown.at(interaction.message.id)
    known = client.hub.service_of(guild_of(interaction)).catalog.entries
    return turn if turn is not None and turn.answer in known else None


async def _take(interaction: discord.Interaction, turn: Turn, number: int | None) -> None:
    """Reply with other answers, seen by nobody else: who objects is nobody's business."""
    wanted = Question(text=NOT_ASKED, previous=turn, number=number)
    await client_of(interaction).take(interaction, wanted, private=interaction.guild_id is not None)
