"""Everything after which students see something else; each can be undone with a button."""

import time
from collections.abc import Callable, Coroutine
from typing import Any

import discord

from bot.discord.audit import post_change
from bot.discord.cards import Card, Item
from bot.discord.limits import fit
from bot.discord.teaching.at import At
from bot.discord.teaching.buttons import Target, button, row
from bot.discord.teaching.cards import block, card
from bot.discord.teaching.reviewing import author_of, run, show
from bot.discord.teaching.watching import Stopped, watched
from bot.discord.words import quiet
from bot.storage.answers import Change
from bot.teaching.outcomes import Overtaken, Published, Revised, Unfit
from bot.teaching.review import Client
from bot.teaching.roles import DRAFT_INSTEAD, require_instructor

_DIFF = 2_400
_DONE = {
    Change.PUBLISHED: "{} is published",
    Change.DISABLED: "{} is disabled",
    Change.ENABLED: "{} is enabled",
    Change.RESTORED: "{} is restored",
}

Outcome = Published | Unfit | Overtaken | Revised


async def publish(at: At, slug: str, author: str | None, note: str) -> None:
    """Review a draft and publish it if nothing is wrong with it; else show what is."""
    require_instructor(at.person, "Publishing an answer", DRAFT_INSTEAD)
    done = await run(at, slug, author)
    if done is None:
        return
    if not done.reviewed.review.passed or done.reviewed.meanwhile is not None:
        await show(at, done, lead="**Not published.**")
        return
    await _publish(at, slug, done.draft.author.id, done.reviewed.head, done.reviewed.revision, note)


async def publish_pressed(at: At, target: Target) -> None:
    """Publish exactly what a card showed."""
    await at.go_on()
    await _publish(at, target.slug, target.id(1), target.number(2), target.number(3))


async def _publish(  # noqa: PLR0913, PLR0917  exactly what
    at: At, slug: str, author: str, head: int, revision: int, note: str = ""
) -> None:
    def begin(client: Client) -> Coroutine[Any, Any, Outcome]:
        return at.desk.publishing.publish(
            at.guild,
            at.person,
            slug,
            head=head,
            revision=revision,
            author=author_of(at, author),
            note=note,
            client=client,
        )

    await _do(at, slug, f"Publishing {slug}…", begin, author)


async def disable(at: At, slug: str, note: str = "", head: int | None = None) -> None:
    """Hide an answer from students."""
    head = await _head(at, slug) if head is None else head

    async def begin(_client: Client) -> Outcome:
        return await at.desk.publishing.disable(at.guild, at.person, slug, head=head, note=note)

    await _do(at, slug, f"Disabling {slug}…", begin)


async def enable(at: At, slug: str, note: str = "", head: int | None = None) -> None:
    """Show an answer to students again."""
    head = await _head(at, slug) if head is None else head

    def begin(client: Client) -> Coroutine[Any, Any, Outcome]:
        return at.desk.publishing.enable(at.guild, at.person, slug, head=head, note=note, client=client)

    await _do(at, slug, f"Enabling {slug}…", begin)


async def restore(at: At, slug: str, n: int, note: str = "", head: int | None = None) -> None:
    """Make an old version what students see."""
    head = await _head(at, slug) if head is None else head

    def begin(client: Client) -> Coroutine[Any, Any, Outcome]:
        return at.desk.publishing.restore(at.guild, at.person, slug, n, head=head, note=note, client=client)

    await _do(at, slug, f"Restoring {slug}…", begin)


async def undo(at: At, target: Target) -> None:
    """Take back what a card says was done."""
    await at.go_on()
    slug, n = target.slug, target.number(1)

    def begin(client: Client) -> Coroutine[Any, Any, Outcome]:
        return at.desk.publishing.undo(at.guild, at.person, slug, n=n, client=client)

    await _do(at, slug, f"Undoing version {n} of {slug}…", begin)


async def switch_pressed(at: At, target: Target) -> None:
    """Disable, enable or restore what a card shows."""
    await at.go_on()
    if target.action == "disable":
        await disable(at, target.slug, head=target.number(1))
    elif target.action == "enable":
        await enable(at, target.slug, head=target.number(1))
    else:
        await restore(at, target.slug, target.number(1), head=target.number(2))


async def _head(at: At, slug: str) -> int:
    require_instructor(at.person, "Changing what students see")
    n, _, _ = await at.desk.office.texts.require(at.guild, slug)
    return n


async def _do(
    at: At,
    slug: str,
    doing: str,
    begin: Callable[[Client], Coroutine[Any, Any, Outcome]],
    author: str | None = None,
) -> None:
    start = time.perf_counter()
    try:
        outcome = await watched(at, begin, lambda _found: doing)
    except Stopped as error:
        # Whether it was too late to cancel is not guessed but looked up.
        text = f"**{error}** Whether {slug} had changed by then is in its history."
        await at.finish(card([text], [row(button("History", "history", slug))]))
        at.changed()
        return
    seconds = time.perf_counter() - start
    at.changed()
    match outcome:
        case Published():
            try:
                await at.finish(published_card(outcome, seconds))
            finally:  # what happened did, whether or not Discord takes the card
                await post_change(at.client, at.guild, outcome)
        case Unfit():
            await at.finish(_unfit_card(outcome))
        case Overtaken():
            await at.finish(_overtaken_card(outcome, author))
        case Revised():
            await at.finish(_revised_card(outcome))


def published_card(done: Published, seconds: float) -> Card:
    """Say what everybody has now, and how to take it back."""
    version = done.version
    said = _DONE[version.change].format(version.slug)
    took = f"{1_000 * seconds:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"
    if version.change is Change.DISABLED:
        seen = "Students do not get it any more"
    else:
        seen = "Everybody here gets it now"
    if done.live:
        live = f"{seen}; that took {took}."
    else:
        live = "The database was lost at that moment: everybody has it as soon as it is back."
    summary = f": {quiet(done.difference.summary, 300)}" if done.before and done.after else ""
    text = (
        f"## {said}\n{live}\nIt is version {version.n}{summary}.\n"
        "-# Undo takes it back; every version stays in the history."
    )
    rows = [
        row(
            button("Undo", "undo", version.slug, version.n, style=discord.ButtonStyle.danger),
            button("History", "history", version.slug),
            button("Edit", "edit", version.slug),
        )
    ]
    return card([text], rows)


def _unfit_card(outcome: Unfit) -> Card:
    lines = [f"- line {one.line}: {quiet(one.message, 500)}" for one in outcome.review.faults]
    text = f"**{quiet(str(outcome), 400)}**\nMend it with Edit, which makes a draft, then publish that."
    return card([text, "\n".join(fit(lines, 2_500))], [row(button("Edit", "edit", outcome.slug))])


def _overtaken_card(outcome: Overtaken, author: str | None) -> Card:
    found = outcome.meanwhile.difference
    shown, scripts = block(found, f"{outcome.slug}-theirs", _DIFF)
    said = f"## Somebody else was faster\n{quiet(str(outcome.meanwhile), 800)} Nothing was changed by you."
    rows: list[Item] = []
    if author is None:
        said += " Look at what counts now, then begin again."
        rows = [
            row(
                button("Show what counts now", "show", outcome.slug),
                button("History", "history", outcome.slug),
            )
        ]
    else:
        said += (
            " Your draft is kept.\n**Keep mine on top** reviews it again, to be published over theirs; "
            "**Take theirs** gives yours up and hands you the text."
        )
        primary = discord.ButtonStyle.primary
        rows = [
            row(
                button("Keep mine on top", "rebase", outcome.slug, author, style=primary),
                button("Take theirs", "discard", outcome.slug, author),
                button("Edit", "edit", outcome.slug, author),
            )
        ]
    return card([said, "What they changed:" if shown else "", shown], rows, scripts=scripts)


def _revised_card(outcome: Revised) -> Card:
    draft = outcome.draft
    rows = [row(button("Review it again", "review", draft.slug, draft.author.id))]
    return card([f"**Nothing was published.** {quiet(str(outcome), 500)}"], rows)
