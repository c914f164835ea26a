"""Drafts are reviewed: what is wrong with them, how sure their claims are, and the card students will see."""

from dataclasses import dataclass

from bot.discord.cards import Card, to_card
from bot.discord.failures import explain
from bot.discord.teaching.at import At
from bot.discord.teaching.buttons import THEME, Target, button, row
from bot.discord.teaching.cards import card, with_rows
from bot.discord.teaching.review_cards import Wanted, draw, interrupted_card, review_card
from bot.discord.teaching.watching import Stopped, watched
from bot.discord.words import quiet
from bot.errors import BackchatError, BadRequest
from bot.jobs.errors import JobError
from bot.reply import AnswerReply, Script
from bot.storage.drafts import Draft
from bot.storage.people import Author
from bot.teaching.outcomes import Reviewed, Revised


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A review that was run to its end, and the draft that it is of."""

    draft: Draft
    reviewed: Reviewed


def author_of(at: At, id_: str | None) -> Author | None:
    """Return somebody by their id; None is who works themselves."""
    if id_ is None or id_ == at.person.author.id:
        return None
    return at.keeping.authors.get((at.guild, id_)) or Author(id=id_, name="Whoever wrote it")


async def review(
    at: At, slug: str, author: str | None = None, *, lead: str = "", scripts: tuple[Script, ...] = ()
) -> None:
    """Review a draft and show all of it, in the place that was acknowledged.

    Args:
        at: who wants it.
        slug: the answer.
        author: the id of whose draft it is; None is their own.
        lead: what is said before.
        scripts: files that are handed out with it.
    """
    done = await run(at, slug, author, lead=lead)
    if done is not None:
        await show(at, done, lead=lead, scripts=scripts)


async def run(at: At, slug: str, author: str | None = None, *, lead: str = "") -> Done | None:
    """Review a draft; one that could not be reviewed to its end says so and returns None."""
    draft = await at.desk.drafting.require(at.guild, at.person, slug, author_of(at, author))
    at.keeping.authors.put((at.guild, draft.author.id), draft.author)
    theme = str(at.here.settings.theme)
    try:
        reviewed = await watched(
            at,
            lambda client: at.desk.drafting.review(at.guild, at.person, slug, draft.author, client),
            lambda found: draw(draft, found, lead),
            theme=theme,
        )
    except (Stopped, JobError) as error:
        said = str(error) if isinstance(error, Stopped) else explain(error)
        await at.finish(interrupted_card(draft, said))
        return None
    if reviewed.revision != draft.revision:
        draft = await at.desk.drafting.require(at.guild, at.person, slug, draft.author)
    return Done(draft=draft, reviewed=reviewed)


async def show(at: At, done: Done, *, lead: str = "", scripts: tuple[Script, ...] = ()) -> None:
    """Show what a review found, and below it the card that students will see."""
    wanted = Wanted(draft=done.draft, lead=lead, instructor=at.is_instructor, mine=_is_mine(at, done.draft))
    await at.finish(review_card(wanted, done.reviewed, scripts))
    reply = done.reviewed.review.reply
    if reply is not None:
        theme = str(at.here.settings.theme)
        await at.add(_preview(reply, done.draft, theme))


async def other_light(at: At, target: Target) -> None:
    """Show the card of a draft in the other light, in its place."""
    await at.go_on()
    slug, author, revision = target.slug, target.id(1), target.number(2)
    theme = target.part(3, THEME)
    draft = await at.desk.drafting.require(at.guild, at.person, slug, author_of(at, author))
    if draft.revision != revision:
        raise BadRequest(f"{Revised(draft=draft)}")
    try:
        reviewed = await watched(
            at,
            lambda client: at.desk.drafting.review(at.guild, at.person, slug, draft.author, client),
            lambda _found: f"Drawing {slug} {_called(theme)}…",
            theme=theme,
        )
    except Stopped as error:
        await at.finish(card([str(error)], [row(button("Review again", "review", slug, draft.author.id))]))
        return
    if reviewed.review.reply is None:
        raise BadRequest(f"The card of {slug} cannot be drawn any more; review it again.")
    await at.finish(_preview(reviewed.review.reply, draft, theme))


async def again(at: At, target: Target) -> None:
    """Review a draft whose button was pressed."""
    await at.go_on()
    await review(at, target.slug, target.id(1))


async def live(at: At, slug: str, theme: str | None = None) -> None:
    """Show the card that students see now."""
    theme = theme or str(at.here.settings.theme)
    try:
        reply = await watched(
            at,
            lambda client: at.desk.drafting.preview(at.guild, at.person, slug, client),
            lambda _found: f"Drawing {quiet(slug, 60)} {_called(theme)}…",
            theme=theme,
        )
    except BackchatError as error:
        if isinstance(error, Stopped):
            await at.finish(card([str(error)]))
            return
        raise
    other = _other(theme)
    await at.finish(
        with_rows(to_card(reply), row(button(f"Show it {_called(other)}", "live", reply.id, other)))
    )


async def live_in(at: At, target: Target) -> None:
    """Show the card that students see now in one light."""
    await at.go_on()
    await live(at, target.slug, target.part(1, THEME))


def _preview(reply: AnswerReply, draft: Draft, theme: str) -> Card:
    other = _other(theme)
    press = button(f"Show it {_called(other)}", "light", draft.slug, draft.author.id, draft.revision, other)
    return with_rows(to_card(reply), row(press))


def _other(theme: str) -> str:
    return "light" if theme == "dark" else "dark"


def _called(theme: str) -> str:
    return "in light mode" if theme == "light" else "in dark mode"


def _is_mine(at: At, draft: Draft) -> bool:
    return draft.author.id == at.person.author.id
