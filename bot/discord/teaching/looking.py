"""Looking at the answers of a server: which there are, their texts, their history and what changed."""

from collections.abc import Mapping, Sequence

import discord

from bot.discord.cards import Card, Item
from bot.discord.limits import CARD_TEXT, cut, fit
from bot.discord.teaching.at import At
from bot.discord.teaching.attached import handed_out
from bot.discord.teaching.buttons import OPTIONS, Target, button, menu, option, row
from bot.discord.teaching.cards import block, card
from bot.discord.words import fenced, quiet, when
from bot.storage.answers import SHIPPED, Listed
from bot.teaching.outcomes import Item as Answer
from bot.teaching.outcomes import Shown, State, Waiting
from bot.teaching.roles import require_assistant

PAGE = 10
_WORDS = 60
_TEXT, _DIFF = 2_800, 3_000
_HISTORY = "The history of an answer"
ALL = "all"
KINDS: Mapping[str, str] = {
    ALL: "all answers",
    "changed": "changed or added here",
    "drafts": "with drafts that wait",
    "disabled": "disabled",
}


async def list_(at: At, words: str = "", kind: str = ALL, page: int = 0) -> None:
    """Show a page of the answers of a server, and which drafts wait."""
    found = await at.desk.reading.list(at.guild, at.person, words)
    await at.finish(list_card(_of_kind(found, kind), words, kind, page, instructor=at.is_instructor))


async def turn_page(at: At, target: Target) -> None:
    """Show another page in the place of this one."""
    await at.go_on()
    kind, *words = target.parts[1:] or (ALL,)
    await list_(at, ":".join(words), kind, target.number(0))


async def show(at: At, slug: str, n: int | None = None) -> None:
    """Show the text of an answer, and what can be done with it."""
    shown = await at.desk.reading.show(at.guild, at.person, slug, n)
    head = n if n is not None else shown.n
    await at.finish(show_card(shown, instructor=at.is_instructor, counts=n is None, n=head))


async def show_pressed(at: At, target: Target) -> None:
    """Show the answer, or the version of it, that a card names."""
    await at.begin()
    await show(at, target.slug, target.number(1) if len(target.parts) > 1 else None)


async def history(at: At, slug: str, before: int | None = None) -> None:
    """Show who changed an answer, when and why."""
    versions = await at.desk.reading.history(at.guild, at.person, slug, before)
    shipped = slug in at.desk.office.texts.shipped_ids()
    await at.finish(history_card(slug, versions, shipped=shipped, before=before))


async def history_pressed(at: At, target: Target) -> None:
    """Show the history, or older versions in the place of newer ones."""
    before = target.number(1) if len(target.parts) > 1 else None
    await (at.begin() if before is None else at.go_on())
    await history(at, target.slug, before)


async def version_chosen(at: At, target: Target) -> None:
    """Show what the chosen version changed, and offer to bring it back."""
    await at.begin()
    require_assistant(at.person, _HISTORY)
    slug, n = target.slug, target.chosen_number
    head, _, _ = await at.desk.office.texts.require(at.guild, slug)
    first = 0 if slug in at.desk.office.texts.shipped_ids() else 1
    if n <= first:
        await show(at, slug, n)
        return
    await diff(at, slug, n - 1, n, head=head)


async def diff(at: At, slug: str, old: int, new: int | None, head: int | None = None) -> None:
    """Show what changed between two versions; without a second one, up to what counts now."""
    require_assistant(at.person, _HISTORY)
    if new is None or head is None:
        head, _, _ = await at.desk.office.texts.require(at.guild, slug)
    new = head if new is None else new
    found = await at.desk.reading.diff(at.guild, at.person, slug, old, new)
    shown, scripts = block(found, f"{slug}-{old}-{new}", _DIFF)
    text = f"**{slug}, from {found.before} to {found.after}:** {quiet(found.summary, 400)}."
    items: list[Item] = [button(f"Text of version {new}" if new else "Text", "show", slug, new)]
    if at.is_instructor and new != head:
        items.append(button(f"Restore version {new}" if new else "Restore", "restore", slug, new, head))
    if at.is_instructor and old != head:
        label = f"Restore version {old}" if old else "Restore the shipped one"
        items.append(button(label, "restore", slug, old, head))
    if new != head:
        items.append(button("Compare with now", "diff", slug, new, head))
    await at.finish(card([text, shown], [row(*items)], scripts=scripts))


async def diff_pressed(at: At, target: Target) -> None:
    """Compare what a card names."""
    await at.begin()
    await diff(at, target.slug, target.number(1), target.number(2))


def list_card(found: Sequence[Answer], words: str, kind: str, page: int, *, instructor: bool) -> Card:
    """Show a page of answers."""
    pages = max(1, -(-len(found) // PAGE))
    page = min(max(page, 0), pages - 1)
    shown = found[page * PAGE : (page + 1) * PAGE]
    waiting = sum(len(one.drafts) for one in found)
    count = f"{len(found)} answer{'s' * (len(found) != 1)}"
    drafts = f", {waiting} draft{'s' * (waiting != 1)} waiting" if waiting else ""
    narrowed = f" with *{quiet(words, 100)}*" if words else ""
    which = "" if kind == ALL else f" {KINDS.get(kind, '')}"
    head = f"## Answers of this server\n{count}{which}{narrowed}{drafts}"
    if not found:
        text = f"{head}\nNothing was found. Try fewer words, or write one with `/answer new`."
        return card([text])
    lines = fit([_line(one) for one in shown], CARD_TEXT - len(head) - 200)
    rows: list[Item] = [row(menu("Open one…", _options(shown, instructor=instructor), "open"))]
    if pages > 1:
        kept = words[:_WORDS]
        rows.append(
            row(
                button("◀ Back", "page", page - 1, kind, kept, disabled=page == 0),
                button("More ▶", "page", page + 1, kind, kept, disabled=page == pages - 1),
            )
        )
    return card([head, "\n".join(lines), f"-# page {page + 1} of {pages}" if pages > 1 else ""], rows)


def show_card(shown: Shown, *, instructor: bool, counts: bool, n: int) -> Card:
    """Show a text, as it is, and what can be done with it."""
    changed = shown.changed
    by = f" · {quiet(changed.author.name, 80)}, {when(changed.at, 'R')}" if counts and changed else ""
    version = f"version {n}" if n else "as it came with the bot"
    head = f"## {shown.slug}\n-# {shown.state} · {version}{by}"
    file = handed_out(shown.slug, shown.n, shown.body)
    text, scripts = "", [file]
    # A fence in the text would have to be changed to be shown, and a text that is copied has to be as it is.
    if "```" not in shown.body and len(inside := fenced(shown.body, "md")) <= _TEXT:
        text, scripts = inside, []
    items: list[Item] = [button("Edit", "edit", shown.slug)]
    if shown.state is not State.DISABLED:
        items.append(button("What students see", "live", shown.slug, "dark"))
    items.append(button("History", "history", shown.slug))
    if instructor and counts and shown.state is State.DISABLED:
        items.append(button("Enable", "enable", shown.slug, n))
    elif instructor and counts:
        items.append(button("Disable", "disable", shown.slug, n))
    note = "" if text else "-# The text is in the file; change it and send it with `/answer edit`."
    return card([head, text, note], [row(*items)], scripts=scripts)


def history_card(slug: str, versions: Sequence[Listed], *, shipped: bool, before: int | None) -> Card:
    """Show versions, the newest first, with a menu to look at one."""
    shown = versions[:PAGE]
    more = len(versions) > len(shown)
    lines = [_version(one) for one in shown]
    options = [
        option(f"Version {one.n}", str(one.n), f"{one.change.value} by {one.author.name}") for one in shown
    ]
    if shipped and not more:
        lines.append("**0** · came with the bot")
        options.append(option("The shipped version", str(SHIPPED), "as it came with the bot"))
    head = f"## History of {slug}"
    if not versions and before is None:
        head += "\nNobody here has changed it."
    rows: list[Item] = [row(menu("Look at a version…", options, "version", slug))] if options else []
    if more:
        rows.append(row(button("Older ▶", "history", slug, shown[-1].n)))
    return card([head, "\n".join(fit(lines, 3_400))], rows)


def _version(one: Listed) -> str:
    note = f"\n> {quiet(one.note, 200)}" if one.note else ""
    return f"**{one.n}** · {one.change.value} by {quiet(one.author.name, 80)} · {when(one.at)}{note}"


def _of_kind(found: Sequence[Answer], kind: str) -> Sequence[Answer]:
    if kind == "drafts":
        return [one for one in found if one.drafts]
    if kind == "disabled":
        return [one for one in found if one.state is State.DISABLED]
    if kind == "changed":
        return [one for one in found if one.state is not State.SHIPPED]
    return found


def _line(one: Answer) -> str:
    parts = [f"`{one.slug}`", str(one.state)]
    if one.changed is not None:
        parts.append(f"version {one.n} by {quiet(one.changed.author.name, 40)} {when(one.changed.at, 'R')}")
    parts += [f"draft: {_whose(draft)} {when(draft.at, 'R')}" for draft in one.drafts[:3]]
    return cut(f"**{quiet(one.title, 120)}**\n-# {' · '.join(parts)}", 360)


def _whose(draft: Waiting) -> str:
    return "yours" if draft.mine else quiet(draft.author.name, 40)


def _options(shown: Sequence[Answer], *, instructor: bool) -> list[discord.SelectOption]:
    """Offer every answer of the page, and as many drafts as there is room for."""
    drafts = [
        option(
            f"Review {'your draft' if draft.mine else f'the draft of {draft.author.name}'}: {one.slug}",
            f"{one.slug}@{draft.author.id}",
            one.title,
        )
        for one in shown
        for draft in one.drafts
        if draft.mine or instructor
    ]
    answers = [
        option(one.title, one.slug, f"{one.slug} · {one.state}")
        for one in shown
        if one.state is not State.DRAFT
    ]
    return [*drafts[: OPTIONS - len(answers)], *answers]
