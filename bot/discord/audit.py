"""What instructors are told in the audit channel of their server: who changed what, and what went wrong.

Nothing here raises anything, pings anybody or keeps anybody waiting for longer than Discord does: what was
published is published, whether or not it can be told.
"""

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

import aiohttp
import discord
from discord import ui

from answers.problem import Problem
from bot.discord.cards import NOBODY, Card, boxed
from bot.discord.limits import CARD_TEXT, cut, fit
from bot.discord.words import fenced, quiet, when
from bot.inbox.outcomes import Decided, Undone
from bot.reply import AnswerReply, Script
from bot.storage.answers import Change
from bot.storage.drafts import Draft
from bot.storage.errors import StorageError
from bot.storage.inbox import How
from bot.storage.people import Author
from bot.teaching.outcomes import Published

if TYPE_CHECKING:
    from bot.discord.client import BackchatClient

_log = logging.getLogger(__name__)

_HEAD, _TAIL = 1_500, 300
_PROBLEMS = 10
_FEW = 3
_TAUGHT = {
    How.PHRASING: "a question of a student is a way of asking for{about} from now on",
    How.NEGATIVE: "a question of a student does not mean{about} any more",
}
_UNDO = {
    Change.PUBLISHED: "Undo: `/answer restore`. All versions: `/answer history`.",
    Change.RESTORED: "Undo: `/answer restore`. All versions: `/answer history`.",
    Change.DISABLED: "Students do not get it any more. Undo: `/answer enable`.",
    Change.ENABLED: "Students get it again. Undo: `/answer disable`.",
}
told_closed: set[tuple[str, str]] = set()
"""Channels that were closed when they were last needed; the log says so once."""


async def post_change(client: "BackchatClient", guild: str, published: Published) -> None:
    """Say what somebody made of an answer, with what it was before."""
    await _post(client, guild, change_card(published))


async def post_changes(client: "BackchatClient", guild: str, changes: Sequence[Published]) -> None:
    """Say what somebody made of several answers: each for itself while they are few, else in one post."""
    if len(changes) > _FEW:
        await _post(client, guild, changes_card(changes))
        return
    for one in changes:
        await post_change(client, guild, one)


async def post_suggestion(client: "BackchatClient", guild: str, draft: Draft) -> None:
    """Say that an assistant's draft waits for an instructor."""
    text = (
        f"**{quiet(draft.author.name)} suggests an answer: `{draft.slug}`**\n"
        f"-# {when(draft.at)}\n"
        "Students do not see it. An instructor finds it in `/answer list`, looks at it with "
        "`/answer preview`, and publishes or discards it there."
    )
    await _post(client, guild, _plain(text))


async def post_decision(client: "BackchatClient", guild: str, outcome: Decided | Undone, by: Author) -> None:
    """Say what somebody taught the bot from the inbox, without the words: they are kept for thirty days."""
    decision = outcome.decision
    if decision.how not in _TAUGHT:
        return
    about = f" `{decision.slug}`" if decision.slug else ""
    what = _TAUGHT[decision.how].format(about=about)
    done = "took back" if isinstance(outcome, Undone) else "decided in the inbox"
    await _post(client, guild, _plain(f"**{quiet(by.name)} {done}: {what}**\n-# Undo and more: `/inbox`."))


async def post_setting(client: "BackchatClient", guild: str, what: str, by: Author) -> None:
    """Say which setting somebody changed."""
    await _post(
        client, guild, _plain(f"**{quiet(by.name)} changed a setting**\n{what}\n-# Undo: `/settings`.")
    )


async def post_fault(client: "BackchatClient", guild: str | None, text: str) -> None:
    """Tell instructors that something is wrong with an answer.

    Args:
        client: the bot.
        guild: the server; None is what belongs to the operator's folders.  That is told where the bot serves
            one server, whose course they then are, and stands in the log alone where it serves several.
        text: what is wrong, and what to do.
    """
    if guild is None:
        if len(client.guilds) != 1:
            return
        guild = str(client.guilds[0].id)
    await _post(client, guild, _plain(f"**An answer needs you**\n{text}"))


async def note_use(client: "BackchatClient", guild: str, reply: AnswerReply) -> None:
    """Tell instructors of an answer that could not be told as it is written; each version once."""
    try:
        fault = await client.hub.desk.in_use.note(guild, reply)
    except StorageError as error:
        _log.warning("server %s: nobody could be told that %s failed: %s", guild, reply.id, error)
        return
    if fault is not None:
        _log.warning("server %s: %s", guild, fault)
        await post_fault(client, guild, quiet(str(fault), CARD_TEXT // 2))


async def note_problems(client: "BackchatClient", guild: str | None, problems: Sequence[Problem]) -> None:
    """Tell instructors of answers that cannot be read; the old versions go on answering."""
    lines = [f"- {quiet(str(problem), 300)}" for problem in problems[:_PROBLEMS]]
    if more := len(problems) - len(lines):
        lines.append(f"- and {more} more, which are in the bot's log")
    whose = "An answer of this server" if guild else "A file of the course's folder of answers"
    cure = "Mend it with `/answer edit`." if guild else "Mend the file; it is read again by itself."
    text = f"{whose} cannot be used as it is; what was good before stays. {cure}\n" + "\n".join(lines)
    await post_fault(client, guild, text)


def change_card(published: Published) -> Card:
    """Show what somebody made of an answer: who, what, when, why, and the lines that changed."""
    version = published.version
    title = f"*{quiet(version.title)}* (`{version.slug}`)" if version.title else f"`{version.slug}`"
    writer = "" if version.author == published.by else f", written by {quiet(version.author.name)}"
    head = (
        f"**{quiet(published.by.name)} {version.change.value} {title}**\n"
        f"-# version {version.n}{writer} · {when(version.at)}\n"
        f"{quiet(published.difference.summary)[:1].upper()}{quiet(published.difference.summary)[1:]}."
    )
    if version.note:
        head += f"\n> {quiet(version.note, 500)}"
    tail = _UNDO[version.change]
    if published.before == "" and version.change is Change.PUBLISHED:
        tail = "Undo: `/answer disable`. All versions: `/answer history`."
    if not published.live:
        tail = f"The database was lost at that moment: everybody has it as soon as it is back. {tail}"
    lines = published.difference.lines
    items: list[ui.Item[ui.LayoutView]] = [ui.TextDisplay(cut(head, _HEAD))]
    scripts: tuple[Script, ...] = ()
    if lines:
        shown, whole = _fitting(lines, CARD_TEXT - _HEAD - _TAIL)
        if shown:
            items.append(ui.TextDisplay(shown))
        if not whole:
            scripts = (Script(name=f"{version.slug}-{version.n}.diff", text=f"{lines}\n"),)
            items.append(ui.File(f"attachment://{scripts[0].name}"))
    items.append(ui.TextDisplay(cut(tail, _TAIL)))
    return Card(view=boxed(items), scripts=scripts)


def changes_card(changes: Sequence[Published]) -> Card:
    """Show what somebody made of many answers: a line each, and all lines that changed in a file."""
    first = changes[0]
    head = f"**{quiet(first.by.name)} changed {len(changes)} answers**\n-# {when(first.version.at)}"
    tail = "Undo each: `/answer restore`. All versions: `/answer history`."
    lines = [
        f"- `{one.version.slug}`, version {one.version.n}: {one.version.change.value}, "
        f"{quiet(one.difference.summary)}"
        for one in changes
    ]
    shown = fit(lines, CARD_TEXT - _HEAD - _TAIL)
    if len(shown) < len(lines):
        shown.append(f"- and {len(lines) - len(shown)} more, which are in the file")
    whole = "\n".join(one.difference.lines for one in changes if one.difference.lines)
    script = Script(name="answers.diff", text=f"{whole}\n")
    file: ui.Item[ui.LayoutView] = ui.File(f"attachment://{script.name}")
    texts = ui.TextDisplay[ui.LayoutView]("\n".join([head, *shown]))
    return Card(view=boxed([texts, file, ui.TextDisplay(tail)]), scripts=(script,))


def _fitting(lines: str, room: int) -> tuple[str, bool]:
    """Return a block of the first lines that fit, and whether these are all."""
    kept: list[str] = []
    for line in lines.splitlines():
        # Measured as it is shown: what parts a fence takes room too.
        if len(fenced("\n".join([*kept, line, "…"]), "diff")) > room:
            return (fenced("\n".join([*kept, "…"]), "diff") if kept else ""), False
        kept.append(line)
    return fenced("\n".join(kept), "diff"), True


def _plain(text: str) -> Card:
    return Card(view=boxed([ui.TextDisplay(cut(text, CARD_TEXT))]))


async def _post(client: "BackchatClient", guild: str, card: Card) -> None:
    """Send a card to the audit channel; where there is none, the log says so once."""
    settings = await client.hub.settings_at(guild)
    channel = settings.audit_channel
    if channel is None:
        _once(guild, "", "server %s has no audit channel; an instructor chooses one with /settings", guild)
        return
    known = client.get_channel(int(channel))
    if isinstance(known, discord.abc.GuildChannel | discord.Thread) and str(known.guild.id) != guild:
        _once(guild, channel, "server %s: the audit channel %s is one of another server", guild, channel)
        return
    where = client.get_partial_messageable(int(channel), guild_id=int(guild))
    try:
        await where.send(view=card.view, files=card.files(), allowed_mentions=NOBODY)
    except (discord.Forbidden, discord.NotFound) as error:
        text = "server %s: the audit channel %s is closed to the bot (%s); /settings says what is missing"
        _once(guild, channel, text, guild, channel, error.text)
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        _log.warning("server %s: Discord did not take a post for the audit channel: %s", guild, error)
    else:
        told_closed.discard((guild, channel))
        told_closed.discard((guild, ""))


def _once(guild: str, channel: str, text: str, *details: str) -> None:
    if (guild, channel) not in told_closed:
        told_closed.add((guild, channel))
        _log.warning(text, *details)
