"""Whole libraries out of a server and into one; an import is shown before it is done, and can be undone."""

import re
from collections.abc import Mapping

import discord

from bot.discord.audit import post_changes
from bot.discord.cards import Card, Item
from bot.discord.limits import fit
from bot.discord.teaching.at import At
from bot.discord.teaching.attached import read_archive, read_back
from bot.discord.teaching.buttons import Target, button, row
from bot.discord.teaching.cards import Blob, card
from bot.discord.teaching.watching import Stopped, watched
from bot.discord.words import quiet
from bot.errors import BadRequest
from bot.reply import Script
from bot.teaching.outcomes import Published
from bot.teaching.porting.plans import Applied, Became, Imported, Kind, Plan, Policy, Row
from bot.teaching.review import Client
from bot.teaching.roles import require_instructor

POLICIES: Mapping[Policy, str] = {
    Policy.MINE: "Keep mine: only new answers come in",
    Policy.THEIRS: "Take theirs: new and changed ones come in",
    Policy.DRAFTS: "As drafts: students see nothing yet",
}
_BUTTONS: Mapping[Policy, str] = {
    Policy.MINE: "Apply, keep mine",
    Policy.THEIRS: "Apply, take theirs",
    Policy.DRAFTS: "Apply as drafts",
}
_ORDER = tuple(Policy)
_PLACE = re.compile("[0-2]")
_LINES = 2_600
_ZIP, _FILE, _UNDO = "import.zip", "import.md", "undo.txt"


async def export(at: At, *, own_only: bool) -> None:
    """Hand out the answers of a server."""
    data = await at.desk.porting.export(at.guild, at.person, own_only=own_only)
    limit = _limit(at)
    if len(data) > limit:
        cure = "ask the operator for the files" if own_only else "export with own_only: True"
        raise BadRequest(
            f"Discord takes files of up to {limit // 2**20} MiB here; the zip has "
            f"{len(data) / 2**20:.1f} MiB; {cure}."
        )
    text = (
        "**All answers as Markdown files**" if not own_only else "**What this server changed or added**"
    ) + "\nBring them into a server with `/answer import`, or keep the folder under git; README.md says how."
    await at.finish(card([text], blob=Blob(name="answers.zip", data=data)))


async def preview(at: At, file: discord.Attachment, policy: Policy) -> None:
    """Show what an import would do, with all simulations run, and offer to do it."""
    require_instructor(at.person, "Importing answers")
    data = await read_archive(file, _limit(at))
    name = _ZIP if data[:2] == b"PK" else _FILE
    shown = name if data[:2] == b"PK" else file.filename
    plan = await at.desk.porting.plan(at.guild, at.person, data, shown)
    reviewed = await _reviewed(at, plan)
    if reviewed is not None:
        await at.finish(plan_card(reviewed, policy, Blob(name=name, data=data)))


async def apply(at: At, target: Target) -> None:
    """Do what a card showed: the file is read back from it, planned and reviewed again."""
    await at.go_on()
    if target.parts == ("undo",):
        await _undo(at)
        return
    policy = _ORDER[int(target.part(0, _PLACE))]
    require_instructor(at.person, "Importing answers")
    data = await read_back(at.interaction, ".zip", ".md")
    name = _ZIP if data[:2] == b"PK" else _FILE
    plan = await at.desk.porting.plan(at.guild, at.person, data, name)
    reviewed = await _reviewed(at, plan)
    if reviewed is None:
        return
    done = await at.desk.porting.apply(at.guild, at.person, reviewed, policy)
    at.changed()
    try:
        await at.finish(imported_card(done))
    finally:  # what was imported is there, whether or not Discord takes the card
        made = [await _published(at, one, reviewed) for one in done.rows]
        await post_changes(at.client, at.guild, [one for one in made if one is not None])


def plan_card(plan: Plan, policy: Policy, blob: Blob) -> Card:
    """Show what an import would do."""
    counts = ", ".join(f"**{len(plan.of(kind))}** {kind}" for kind in Kind)
    head = f"## Import\n{counts}. Nothing was changed yet."
    lines = [_planned(one) for kind in (Kind.BROKEN, Kind.CHANGED, Kind.NEW) for one in plan.of(kind)]
    lines += [f"- passed over: {quiet(one, 150)}" for one in plan.passed]
    shown = fit(lines, _LINES)
    scripts: list[Script] = []
    if len(shown) < len(lines) or any(len(one.problems) > 1 for one in plan.rows):
        scripts.append(Script(name="import.txt", text=_in_full(plan)))
        shown.append("-# Everything, with each problem, is in import.txt.")
    todo = len(plan.of(Kind.NEW)) + len(plan.of(Kind.CHANGED))
    rows: list[Item] = []
    broken, changed = plan.of(Kind.BROKEN), plan.of(Kind.CHANGED)
    tail = "\n".join(
        [
            *(["*Mine* is what this server has, *theirs* what is in the file."] if changed else []),
            *(["Broken files stay out; mend them, or take them as drafts."] if broken else []),
        ]
    )
    if todo or broken:
        order = [policy, *(one for one in _ORDER if one is not policy)]
        rows.append(
            row(
                *(
                    button(
                        _BUTTONS[one],
                        "apply",
                        _ORDER.index(one),
                        style=discord.ButtonStyle.primary if one is policy else discord.ButtonStyle.secondary,
                    )
                    for one in order
                )
            )
        )
    else:
        tail = "There is nothing to import."
    return card([head, "\n".join(shown), tail], rows, scripts=scripts, blob=blob)


def imported_card(done: Imported) -> Card:
    """Say what an import did, with a list from which it can be undone."""
    counts = ", ".join(f"**{len(done.of(kind))}** {kind}" for kind in Became if done.of(kind))
    live = "" if done.live else "\nThe database was lost at that moment: it is live as soon as it is back."
    told = [one for one in done.rows if one.became in {Became.REFUSED, Became.OVERTAKEN, Became.KEPT}]
    lines = [
        f"- `{one.slug[:60]}` {one.became}{f': {quiet(one.reason, 300)}' if one.reason else ''}"
        for one in told
    ]
    made = [one for one in done.rows if one.version is not None]
    rows: list[Item] = []
    scripts: list[Script] = []
    if made:
        scripts = [Script(name=_UNDO, text="".join(f"{one.slug} {_number(one)}\n" for one in made))]
        rows = [row(button("Undo the import", "apply", "undo", style=discord.ButtonStyle.danger))]
    following = (
        "Undo brings back what was there before, except for answers that somebody changes meanwhile."
        if made
        else "See `/answer list`."
    )
    head = f"## Imported\n{counts or 'Nothing'}.{live}"
    return card([head, "\n".join(fit(lines, _LINES)), following], rows, scripts=scripts)


async def _undo(at: At) -> None:
    """Take back each version that an import made, newest changes of others excepted."""
    require_instructor(at.person, "Undoing an import")
    listed = (await read_back(at.interaction, _UNDO)).decode().split("\n")
    todo = [(slug, int(n)) for slug, _, n in (line.partition(" ") for line in listed) if n]

    async def undo(client: Client) -> tuple[list[Published], list[str]]:
        taken: list[Published] = []
        left: list[str] = []
        for slug, n in todo:
            done = await at.desk.publishing.undo(at.guild, at.person, slug, n=n, client=client)
            if isinstance(done, Published):
                taken.append(done)
            else:
                left.append(f"- `{slug}`: {quiet(str(done), 300)}")
        return taken, left

    try:
        taken, left = await watched(at, undo, lambda _found: "Undoing the import…")
    except Stopped as error:
        at.changed()
        await at.finish(card([f"{error} Some answers may be back already: see `/answer list`."]))
        return
    at.changed()
    head = f"## The import is undone\n{len(taken)} of {len(todo)} answers are as they were before."
    try:
        await at.finish(card([head, "\n".join(fit(left, _LINES))]))
    finally:
        await post_changes(at.client, at.guild, taken)


async def _reviewed(at: At, plan: Plan) -> Plan | None:
    try:
        return await watched(
            at,
            lambda client: at.desk.porting.review(
                at.guild, at.person, plan, asker=client.asker, on_status=client.on_status
            ),
            lambda _found: f"## Import\n{quiet(plan.sentence, 300)} Now running what is new and changed.",
        )
    except Stopped as error:
        await at.finish(card([f"{error} Nothing was imported."]))
        return None


async def _published(at: At, one: Applied, plan: Plan) -> Published | None:
    """Say what an import did with one answer as if it had been published by itself."""
    if one.version is None:
        return None
    after = next((row.text for row in plan.rows if row.slug == one.slug), "")
    return await at.desk.publishing.described(at.guild, one.version, one.undo, after, at.person.author)


def _number(one: Applied) -> int:
    return one.version.n if one.version is not None else 0


def _planned(one: Row) -> str:
    if one.kind is Kind.BROKEN:
        faults = [problem for problem in one.problems if not problem.warning]
        why = one.reason or (f"line {faults[0].line}: {faults[0].message}" if faults else "it did not pass")
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        return f"- **broken** {quiet(one.name, 80)}: {quiet(why, 300)}{more}"
    hidden = ", disabled" if one.disabled else ""
    said = f": {quiet(one.summary, 200)}" if one.summary and one.kind is Kind.CHANGED else ""
    return f"- **{one.kind}** `{one.slug}`{hidden}{said}"


def _in_full(plan: Plan) -> str:
    lines = [plan.sentence, ""]
    for one in plan.rows:
        lines.append(f"{one.kind}: {one.name}{f' ({one.summary})' if one.summary else ''}")
        lines += [f"    {one.reason}"] if one.reason else []
        lines += [f"    {problem}" for problem in one.problems]
    lines += [f"passed over: {one}" for one in plan.passed]
    return "\n".join(lines) + "\n"


def _limit(at: At) -> int:
    return at.interaction.filesize_limit
