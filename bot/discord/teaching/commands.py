"""The commands of `/answer` and their options."""

from collections.abc import Callable, Coroutine
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import Choice, Range

from bot.discord.limits import cut
from bot.discord.teaching import looking, porting, publishing, reviewing, writing
from bot.discord.teaching.at import At, working
from bot.discord.teaching.index import Suggestion, split_id
from bot.discord.teaching.keeping import Keeping
from bot.errors import BackchatError
from bot.storage.people import MAX_NOTE
from bot.teaching.porting.plans import Policy
from bot.teaching.roles import Role

_ID = 120
_CHOICE = 100
_Id = Range[str, 1, _ID]
_Note = Range[str, 1, MAX_NOTE]
_N = Range[int, 0, 1_000_000]
Suggest = Callable[[discord.Interaction, str], Coroutine[Any, Any, list[Choice[str]]]]


def answer_group(keeping: Keeping) -> app_commands.Group:
    """Make the group; who may use it is checked where it is done."""
    group = app_commands.Group(
        name="answer",
        description="Instructors: write, review, publish and undo the answers of this server",
        guild_only=True,
    )
    for add in (_looking, _writing, _going_live, _carrying):
        add(group, keeping)
    return group


def _suggest(keeping: Keeping, *, drafts: bool) -> Suggest:
    """Offer ids while one is typed, from memory."""

    async def suggest(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
        try:
            async with working(interaction, keeping) as at:
                return _offered(at, typed, drafts=drafts)
        except BackchatError:
            return []  # a direct message

    return suggest


def _offered(at: At, typed: str, *, drafts: bool) -> list[Choice[str]]:
    if at.person.role < Role.ASSISTANT:
        return []
    index = at.keeping.index
    found: list[Suggestion] = (
        index.with_drafts(at.guild, at.person, typed) if drafts else index.answers(at.guild, typed)
    )
    return [
        Choice(name=cut(one.name, _CHOICE), value=one.value) for one in found if len(one.value) <= _CHOICE
    ]


def _looking(group: app_commands.Group, keeping: Keeping) -> None:
    answers = _suggest(keeping, drafts=False)
    both = _suggest(keeping, drafts=True)
    kinds = [Choice(name=name, value=kind) for kind, name in looking.KINDS.items()]

    @group.command(name="list", description="Which answers there are, and whose drafts wait")
    @app_commands.describe(search="Words of the title, the id or the text", show="Only some of them")
    @app_commands.choices(show=kinds)
    async def list_(
        interaction: discord.Interaction,
        search: Range[str, 1, 100] | None = None,
        show: str = looking.ALL,
    ) -> None:
        async with working(interaction, keeping) as at:
            await at.begin()
            await looking.list_(at, search or "", show)

    @group.command(name="show", description="The Markdown text of an answer")
    @app_commands.rename(id_="id")
    @app_commands.describe(id_="The answer", version="An older version; 0 is the one that came with the bot")
    @app_commands.autocomplete(id_=answers)
    async def show(interaction: discord.Interaction, id_: _Id, version: _N | None = None) -> None:
        async with working(interaction, keeping) as at:
            await at.begin()
            await looking.show(at, split_id(id_)[0], version)

    @group.command(name="preview", description="The card that students see, or will see once you publish")
    @app_commands.rename(id_="id")
    @app_commands.describe(id_="The answer, or the draft of it")
    @app_commands.autocomplete(id_=both)
    async def preview(interaction: discord.Interaction, id_: _Id) -> None:
        async with working(interaction, keeping) as at:
            await at.begin()
            slug, author = split_id(id_)
            mine = await at.here.hub.storage.drafts.get(at.guild, slug, at.person.author)
            if author is None and (mine is None or at.person.role < Role.ASSISTANT):
                await reviewing.live(at, slug)
            else:
                await reviewing.review(at, slug, author)

    @group.command(name="history", description="Who changed an answer, when and why")
    @app_commands.rename(id_="id")
    @app_commands.describe(id_="The answer")
    @app_commands.autocomplete(id_=answers)
    async def history(interaction: discord.Interaction, id_: _Id) -> None:
        async with working(interaction, keeping) as at:
            await at.begin()
            await looking.history(at, split_id(id_)[0])

    @group.command(name="diff", description="What changed between two versions of an answer")
    @app_commands.rename(id_="id")
    @app_commands.describe(
        id_="The answer", old="A version; 0 is the one that came with the bot", new="Another; else the newest"
    )
    @app_commands.autocomplete(id_=answers)
    async def diff(interaction: discord.Interaction, id_: _Id, old: _N, new: _N | None = None) -> None:
        async with working(interaction, keeping) as at:
            await at.begin()
            await looking.diff(at, split_id(id_)[0], old, new)

    del list_, show, preview, history, diff  # the group has them


def _writing(group: app_commands.Group, keeping: Keeping) -> None:
    both = _suggest(keeping, drafts=True)

    @group.command(name="new", description="Write a new answer, in a form or as a Markdown file")
    @app_commands.rename(id_="id")
    @app_commands.describe(id_="Its id, such as why_relu", file="Its Markdown file, instead of the form")
    async def new(interaction: discord.Interaction, id_: _Id, file: discord.Attachment | None = None) -> None:
        async with working(interaction, keeping) as at:
            await writing.new(at, id_, file)

    @group.command(
        name="edit", description="Change an answer or go on with a draft; students see it when published"
    )
    @app_commands.rename(id_="id")
    @app_commands.describe(
        id_="The answer, or the draft of it", file="Its Markdown file, instead of the form"
    )
    @app_commands.autocomplete(id_=both)
    async def edit(
        interaction: discord.Interaction, id_: _Id, file: discord.Attachment | None = None
    ) -> None:
        async with working(interaction, keeping) as at:
            slug, author = split_id(id_)
            await writing.edit(at, slug, file, author)

    @group.command(name="discard", description="Give a draft up; the text is handed back to you")
    @app_commands.rename(id_="id")
    @app_commands.describe(id_="The draft")
    @app_commands.autocomplete(id_=both)
    async def discard(interaction: discord.Interaction, id_: _Id) -> None:
        async with working(interaction, keeping) as at:
            await at.begin()
            await writing.discard(at, *split_id(id_))

    del new, edit, discard  # the group has them


def _going_live(group: app_commands.Group, keeping: Keeping) -> None:
    answers = _suggest(keeping, drafts=False)
    both = _suggest(keeping, drafts=True)

    @group.command(
        name="publish", description="Review a draft, and let everybody have it if nothing is wrong"
    )
    @app_commands.rename(id_="id")
    @app_commands.describe(id_="The draft", note="What it is about, for the history")
    @app_commands.autocomplete(id_=both)
    async def publish(interaction: discord.Interaction, id_: _Id, note: _Note | None = None) -> None:
        async with working(interaction, keeping) as at:
            await at.begin()
            await publishing.publish(at, *split_id(id_), note or "")

    @group.command(name="disable", description="Stop showing an answer to students; it can be enabled again")
    @app_commands.rename(id_="id")
    @app_commands.describe(id_="The answer", note="Why, for the history")
    @app_commands.autocomplete(id_=answers)
    async def disable(interaction: discord.Interaction, id_: _Id, note: _Note | None = None) -> None:
        async with working(interaction, keeping) as at:
            await at.begin()
            await publishing.disable(at, split_id(id_)[0], note or "")

    @group.command(name="enable", description="Show an answer again that was disabled")
    @app_commands.rename(id_="id")
    @app_commands.describe(id_="The answer", note="Why, for the history")
    @app_commands.autocomplete(id_=answers)
    async def enable(interaction: discord.Interaction, id_: _Id, note: _Note | None = None) -> None:
        async with working(interaction, keeping) as at:
            await at.begin()
            await publishing.enable(at, split_id(id_)[0], note or "")

    @group.command(name="restore", description="Make an old version what students see, as a new version")
    @app_commands.rename(id_="id")
    @app_commands.describe(
        id_="The answer", version="Which; 0 is the one that came with the bot", note="Why, for the history"
    )
    @app_commands.autocomplete(id_=answers)
    async def restore(
        interaction: discord.Interaction, id_: _Id, version: _N, note: _Note | None = None
    ) -> None:
        async with working(interaction, keeping) as at:
            await at.begin()
            await publishing.restore(at, split_id(id_)[0], version, note or "")

    del publish, disable, enable, restore  # the group has them


def _carrying(group: app_commands.Group, keeping: Keeping) -> None:
    policies: list[Choice[Any]] = [
        Choice(name=name, value=str(one)) for one, name in porting.POLICIES.items()
    ]

    @group.command(name="export", description="All answers as a zip of Markdown files")
    @app_commands.describe(own_only="Only what this server changed or added")
    async def export(
        interaction: discord.Interaction,
        own_only: bool = False,  # noqa: FBT001, FBT002  a slash command's options are its parameters
    ) -> None:
        async with working(interaction, keeping) as at:
            await at.begin()
            await porting.export(at, own_only=own_only)

    @group.command(
        name="import", description="Answers from a zip of Markdown files; first you see what it would do"
    )
    @app_commands.describe(
        file="A zip, as /answer export makes it, or one Markdown file",
        policy="What becomes of answers that are different here; you can still choose afterwards",
    )
    @app_commands.choices(policy=policies)
    async def import_(
        interaction: discord.Interaction, file: discord.Attachment, policy: str = str(Policy.MINE)
    ) -> None:
        async with working(interaction, keeping) as at:
            await at.begin()
            await porting.preview(at, file, Policy(policy))

    del export, import_  # the group has them
