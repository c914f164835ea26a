"""Answers are written, in a form or as a file, and saved at once; what could not be saved is handed back."""

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import discord

from answers.skeleton import skeleton
from bot.discord.audit import post_suggestion
from bot.discord.cards import Card, Item
from bot.discord.failures import explain
from bot.discord.teaching.at import At
from bot.discord.teaching.attached import Attached, handed_out, read_answer, read_back
from bot.discord.teaching.buttons import Target, button, row
from bot.discord.teaching.cards import block, card
from bot.discord.teaching.form import as_text, filled, form, more_filled, more_form, opened_of
from bot.discord.teaching.keeping import Recently
from bot.discord.teaching.reviewing import author_of, review
from bot.discord.words import quiet, when
from bot.errors import BadRequest
from bot.reply import Script
from bot.storage.errors import StorageError
from bot.storage.people import Author
from bot.teaching.form import Extras, Fields, NotInForm, compose, with_extras
from bot.teaching.outcomes import Elsewhere, Opened
from bot.teaching.roles import Refused, require_assistant, require_instructor

_Typed = TypeVar("_Typed", Fields, Extras)

_DIFF = 2_400
_BACK = "What you wrote is in the file: nothing of it is lost."


async def new(at: At, slug: str, file: discord.Attachment | None) -> None:
    """Begin an answer, in the form or with a file."""
    slug = slug.strip()
    if file is None:
        await show_form(at, await at.quickly(at.desk.drafting.new(at.guild, at.person, slug)))
        return
    await at.begin()
    opened = await at.desk.drafting.new(at.guild, at.person, slug)
    await take_file(at, opened, await read_answer(file))


async def edit(at: At, slug: str, file: discord.Attachment | None, author: str | None = None) -> None:
    """Go on with a draft, or change what counts now, in the form or with a file."""
    if file is None:
        opened, source = await at.quickly(_open(at, slug, author))
        await show_form(at, opened, source)
        return
    await at.begin()
    opened = await at.desk.drafting.open(at.guild, at.person, slug)
    await take_file(at, opened, await read_answer(file))


async def edit_pressed(at: At, target: Target) -> None:
    """Open the form of a card, also of a new answer of which nothing could be saved yet."""
    author = target.id(1) if len(target.parts) > 1 else None
    if at.keeping.typed.get((at.guild, at.person.author.id, target.slug)) is None:
        await edit(at, target.slug, None, author)
        return
    try:
        opened, source = await at.quickly(_open(at, target.slug, author))
    except BadRequest:
        opened, source = await at.quickly(at.desk.drafting.new(at.guild, at.person, target.slug)), None
    await show_form(at, opened, source)


async def show_form(at: At, opened: Opened, source: str | None = None) -> None:
    """Open the form; what it cannot show is handed out as a file."""
    key = (at.guild, at.person.author.id, opened.slug)
    try:
        modal = form(opened, source=source or "0", fields=at.keeping.typed.get(key))
    except NotInForm as error:
        await at.finish(_by_file(opened, error))
        return
    await at.interaction.response.send_modal(modal)


async def more_pressed(at: At, target: Target) -> None:
    """Open the form of what the first one leaves out."""
    opened = await at.quickly(at.desk.drafting.open(at.guild, at.person, target.slug))
    key = (at.guild, at.person.author.id, opened.slug)
    try:
        modal = more_form(opened, at.keeping.typed_more.get(key))
    except NotInForm as error:
        await at.finish(_by_file(opened, error))
        return
    await at.interaction.response.send_modal(modal)


async def send_in(at: At, match: re.Match[str], values: Mapping[str, Any]) -> None:
    """Save what a form holds, and review it."""
    opened, source = opened_of(match)
    fields = filled(values)
    again = button("Edit", "edit", opened.slug, source or at.person.author.id)
    text = await _sent_in(
        at, opened, source, fields, lambda base: compose(fields, base), again, at.keeping.typed
    )
    if text is not None:
        await _save(at, opened, text)


async def send_more_in(at: At, match: re.Match[str], values: Mapping[str, Any]) -> None:
    """Save what the second form holds, and review it."""
    opened, _ = opened_of(match)
    extras = more_filled(values)
    again = button("Sources…", "more", opened.slug)
    text = await _sent_in(
        at, opened, None, extras, lambda base: with_extras(extras, base), again, at.keeping.typed_more
    )
    if text is not None:
        await _save(at, opened, text)


async def _sent_in(  # noqa: PLR0913, PLR0917  what was typed, and every way to give it back
    at: At,
    opened: Opened,
    source: str | None,
    typed: _Typed,
    compose_on: Callable[[str], str],
    again: Item,
    kept: Recently[_Typed],
) -> str | None:
    """Make the text of what was typed; where that cannot be done it is handed back, and returns None."""
    await at.go_on()
    key = (at.guild, at.person.author.id, opened.slug)
    file = Script(name=f"{opened.slug}-form.txt", text=as_text(typed))
    try:
        # Who sends a form in need not be who was shown it, nor be still allowed to see what is behind it.
        require_assistant(at.person, "Writing an answer")
        if author_of(at, source) is not None:
            require_instructor(at.person, "Somebody else's draft")
        text = compose_on(await _base_text(at, opened, source))
    except NotInForm as error:
        kept.put(key, typed)
        said = f"## {opened.slug}\n**Not saved yet:** {quiet(str(error), 600)}\nPress the button to mend it."
        await at.finish(card([f"{said} {_BACK}"], [row(again)], scripts=[file]))
        return None
    except StorageError as error:
        kept.put(key, typed)
        said = f"{explain(error)}\n{_BACK} The button opens the form with it again."
        await at.finish(card([said], [row(again)], scripts=[file]))
        return None
    except (BadRequest, Refused) as error:
        await at.finish(card([f"{explain(error)}\n{_BACK}"], scripts=[file]))
        return None
    kept.drop(key)
    return text


async def take_file(at: At, opened: Opened, file: Attached) -> None:
    """Save a file, and review it; a draft that it replaces is handed back."""
    base = opened.base
    if file.version is not None and file.version < base and opened.revision == 0:
        base = file.version
    before = opened.text if opened.revision else None
    scripts: tuple[Script, ...] = ()
    lead = ""
    if before is not None and before != file.text:
        scripts = (Script(name=f"{opened.slug}-replaced.md", text=before),)
        lead = "The file has replaced your draft, which is handed back to you below."
    opened = Opened(slug=opened.slug, text=opened.text, base=base, revision=opened.revision)
    await _save(at, opened, file.text, lead=lead, scripts=scripts)


async def mine_instead(at: At, target: Target) -> None:
    """Save what was not saved, in the place of what was saved elsewhere."""
    await at.go_on()
    text = (await read_back(at.interaction, ".md")).decode()
    opened = Opened(slug=target.slug, text="", base=target.number(1), revision=target.number(2))
    await _save(at, opened, text)


async def rebase(at: At, target: Target) -> None:
    """Keep a draft on top of what somebody else published, and review it anew."""
    await at.go_on()
    author = author_of(at, target.id(1))
    kept = await at.desk.drafting.rebase(at.guild, at.person, target.slug, author)
    at.changed()
    lead = f"Kept on top of version {kept.draft.base}; publishing it undoes what was changed there."
    await review(at, target.slug, target.id(1), lead=lead)


async def discard(at: At, slug: str, author: str | None = None) -> None:
    """Give a draft up and hand it back."""
    gone = await at.desk.drafting.discard(at.guild, at.person, slug, author_of(at, author))
    at.keeping.authors.put((at.guild, gone.author.id), gone.author)
    at.changed()
    whose = "Your draft" if gone.author.id == at.person.author.id else f"{quiet(gone.author.name)}'s draft"
    text = (
        f"**{whose} of {gone.slug} is given up.** What students see did not change.\n"
        "The text is in the file; Put back makes it a draft again."
    )
    back = row(button("Put back", "putback", gone.slug, gone.base, gone.author.id))
    await at.finish(card([text], [back], scripts=[handed_out(gone.slug, gone.base, gone.body)]))


async def discard_pressed(at: At, target: Target) -> None:
    """Give up the draft of a card."""
    await at.go_on()
    await discard(at, target.slug, target.id(1))


async def put_back(at: At, target: Target) -> None:
    """Make a draft again of what was given up."""
    await at.go_on()
    text = (await read_back(at.interaction, ".md")).decode()
    known = at.keeping.authors.get((at.guild, target.id(2)))
    author = known or at.person.author
    await at.desk.drafting.put_back(
        at.guild, at.person, target.slug, text, base=target.number(1), author=author
    )
    at.changed()
    await review(at, target.slug, author.id, lead="The draft is back.")


async def changes(at: At, target: Target) -> None:
    """Show how a draft differs from what counts now."""
    await at.begin()
    found = await at.desk.drafting.changes(at.guild, at.person, target.slug, author_of(at, target.id(1)))
    shown, scripts = block(found, target.slug, _DIFF)
    head = f"**From {found.before} of {target.slug} to {found.after}:** {quiet(found.summary, 400)}."
    await at.finish(card([head, shown], scripts=scripts))


async def _save(
    at: At, opened: Opened, text: str, *, lead: str = "", scripts: tuple[Script, ...] = ()
) -> None:
    try:
        kept = await at.desk.drafting.save(at.guild, at.person, opened, text)
    except StorageError as error:
        file = handed_out(opened.slug, opened.base, text)
        said = f"{explain(error)}\n{_BACK} Send it again with `/answer new` or `/answer edit` and `file`."
        await at.finish(card([said], scripts=[file, *scripts]))
        return
    at.changed()
    if isinstance(kept, Elsewhere):
        await at.finish(_elsewhere(kept, opened.base, at.person.author))
        return
    if kept.suggested and kept.draft.revision == 1:
        await post_suggestion(at.client, at.guild, kept.draft)
    await review(at, opened.slug, lead=lead, scripts=scripts)


def _elsewhere(outcome: Elsewhere, base: int, author: Author) -> Card:
    winner = outcome.winner
    shown, scripts = block(outcome.difference, f"{winner.slug}-both", _DIFF)
    head = (
        f"**You saved another draft of {winner.slug}** {when(winner.at, 'R')}, perhaps in another window. "
        f"It was kept, and this one was not saved: it is in the file.\n"
        f"From that one to this one: {quiet(outcome.difference.summary, 300)}."
    )
    rows = [
        row(
            button("Save this one instead", "mine", winner.slug, base, winner.revision),
            button("Go on with that one", "review", winner.slug, author.id),
        )
    ]
    return card([head, shown], rows, scripts=[handed_out(winner.slug, base, outcome.text), *scripts])


async def _open(at: At, slug: str, author: str | None) -> tuple[Opened, str | None]:
    """Open an answer; somebody else's draft is opened as a copy that becomes one's own."""
    drafting = at.desk.drafting
    other = author_of(at, author)
    if other is None:
        return await drafting.open(at.guild, at.person, slug), None
    theirs = await drafting.require(at.guild, at.person, slug, other)
    mine = await at.here.hub.storage.drafts.get(at.guild, slug, at.person.author)
    revision = mine.revision if mine else 0
    return Opened(slug=slug, text=theirs.body, base=theirs.base, revision=revision), theirs.author.id


async def _base_text(at: At, opened: Opened, source: str | None) -> str:
    """Return the text that a form was filled from; what it does not show stays as it is there."""
    drafts = at.here.hub.storage.drafts
    author = author_of(at, source) or at.person.author
    draft = await drafts.get(at.guild, opened.slug, author)
    if draft is not None and (source is not None or opened.revision):
        return draft.body
    texts = at.desk.office.texts
    text = texts.shipped(opened.slug) if opened.base <= 0 else None
    if opened.base > 0:
        text = await texts.at(at.guild, opened.slug, opened.base)
    today = at.desk.office.now().date()
    return text or skeleton(opened.slug, at.person.author.name, today)


def _by_file(opened: Opened, error: NotInForm) -> Card:
    text = (
        f"**{opened.slug} does not fit the form.** {quiet(str(error), 400)}\n"
        "Change the file, then send it with `/answer edit` and its option `file`."
    )
    return card([text], scripts=[handed_out(opened.slug, opened.base, opened.text)])
