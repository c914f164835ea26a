"""Export and import of the answers of a server."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import replace

from answers.draft import Draft as Read
from answers.problem import Problem
from answers.reading import draft
from answers.schema import WORD
from bot.jobs.asker import Asker
from bot.jobs.status import OnStatus, Running, Status, ignore
from bot.storage.answers import SHIPPED, AnswerConflict, Text, Version
from bot.storage.drafts import Draft, DraftConflict
from bot.storage.errors import Unstorable
from bot.teaching.differences import summary
from bot.teaching.library import Library, Shelf, joined
from bot.teaching.office import Office
from bot.teaching.porting.archive import Archive, Member, unpack
from bot.teaching.porting.export import pack
from bot.teaching.porting.plans import Applied, Became, Imported, Kind, Plan, Policy, Row
from bot.teaching.review import Client
from bot.teaching.roles import Person, require_assistant, require_instructor


class Porting:
    """Carries answers out of a server and into one."""

    def __init__(self, office: Office, glossary: str = "") -> None:
        """Begin.

        Args:
            office: what all work on answers shares.
            glossary: the course's abbreviations, which go with an export.
        """
        self._office = office
        self._glossary = glossary

    async def export(self, guild: str, person: Person, *, own_only: bool = False) -> bytes:
        """Return a server's answers as a zip, with the shipped ones or only what it changed and added.

        Raises:
            Refused: students ask questions instead.
        """
        require_assistant(person, "Exporting answers")
        texts = self._office.texts
        heads = {one.slug: one for one in await self._office.storage.answers.heads(guild)}
        shown: dict[str, str] = {}
        disabled: dict[str, str] = {}
        beneath: set[str] = set() if own_only else set(texts.shipped_ids())
        for slug in sorted(beneath | set(heads)):
            head = heads.get(slug)
            text = texts.of(head) if head else texts.shipped(slug)
            if not text or (own_only and head and head.live and head.body is None):
                continue
            (shown if head is None or head.live else disabled)[slug] = text
        return await asyncio.to_thread(pack, shown, disabled, self._glossary)

    async def plan(self, guild: str, person: Person, data: bytes, name: str) -> Plan:
        """Say what an import would do, as far as can be seen without running anything; nothing is changed.

        Raises:
            Refused: only instructors import.
            BadArchive: it is no zip of answers.
        """
        require_instructor(person, "Importing answers")
        archive = await asyncio.to_thread(unpack, data, name)
        heads = {one.slug: one for one in await self._office.storage.answers.heads(guild)}
        rows = await asyncio.to_thread(self._rows, archive, heads)
        library = await self._office.libraries.at(guild)
        looked = await asyncio.to_thread(self._look, library, rows)
        return Plan(source=name[:80], rows=looked, passed=archive.passed)

    async def review(
        self,
        guild: str,
        person: Person,
        plan: Plan,
        *,
        asker: Asker | None = None,
        on_status: OnStatus = ignore,
    ) -> Plan:
        """Run what is new and changed; what its simulations do not bear out becomes broken.

        Raises:
            Refused: only instructors import.
            JobError: nothing can be run at present.
        """
        require_instructor(person, "Importing answers")
        todo = [row for row in plan.rows if row.kind in {Kind.NEW, Kind.CHANGED}]
        library = await self._office.libraries.at(guild)
        drafts = await asyncio.to_thread(lambda: [_draft(row) for row in todo])
        entries = [one.entry for one in drafts if one.entry]
        # The answers of one import may name each other.
        whole = Shelf(catalog=joined(library.catalog, entries), matcher=library.matcher)
        done: dict[str, Row] = {}
        for number, row in enumerate(todo):
            client = Client(asker=asker or Asker(), on_status=_share(on_status, number, len(todo), row.slug))
            review = await self._office.approve(guild, row.slug, row.text, client, whole)
            # What only stands in the way of another file of the import has been said.
            problems = (*row.problems, *(one for one in review.problems if one not in row.problems))
            kind = row.kind if review.passed else Kind.BROKEN
            done[row.slug] = replace(row, review=review, problems=problems, kind=kind)
        return replace(plan, rows=tuple(done.get(row.slug, row) for row in plan.rows))

    async def apply(self, guild: str, person: Person, plan: Plan, policy: Policy, note: str = "") -> Imported:
        """Do what was planned and reviewed, file by file, each wholly or not at all.

        Raises:
            Refused: only instructors import.
        """
        require_instructor(person, "Importing answers")
        note = note or f"imported from {plan.source}"
        rows: list[Applied] = []
        for row in plan.rows:
            async with self._office.lock(guild, row.slug):
                rows.append(await self._apply(guild, person, row, policy, note))
        changed = any(row.became in {Became.PUBLISHED, Became.DISABLED} for row in rows)
        return Imported(rows=tuple(rows), live=await self._office.refresh(guild) if changed else True)

    def _rows(self, archive: Archive, heads: Mapping[str, Version]) -> list[Row]:
        return [self._row(heads.get(member.slug), member) for member in _named(archive)]

    def _row(self, version: Version | None, member: Member) -> Row:
        """Compare a file with the version that counts in the server, or with the shipped one."""
        if member.text is None:
            return Row(name=member.name, slug=member.slug, kind=Kind.BROKEN, reason=member.reason)
        texts = self._office.texts
        n = SHIPPED if version is None else version.n
        text = texts.shipped(member.slug) if version is None else texts.of(version)
        live = version is None or version.live
        same = text == member.text and live is not member.disabled
        kind = Kind.SAME if same else Kind.NEW if text is None else Kind.CHANGED
        said = summary(text or "", member.text)
        if text is not None and live is member.disabled:
            said = f"{'disabled' if member.disabled else 'enabled'}, {said}"
        return Row(
            name=member.name,
            slug=member.slug,
            kind=kind,
            text=member.text,
            disabled=member.disabled,
            head=n,
            summary=said,
        )

    def _look(self, library: Library, rows: list[Row]) -> tuple[Row, ...]:
        """Find what can be seen to be wrong with the files, also with one beside the other."""
        todo = [row for row in rows if row.kind in {Kind.NEW, Kind.CHANGED}]
        drafts = [_draft(row) for row in todo]
        seen = self._office.reviewer.look_at(drafts, library)
        found: dict[str, Row] = {}
        for row, one in zip(todo, seen, strict=True):
            faults = [problem for problem in one.problems if not problem.warning]
            broken = bool(faults) or one.entry is None
            found[row.slug] = replace(row, problems=one.problems, kind=Kind.BROKEN if broken else row.kind)
        return tuple(found.get(row.slug, row) for row in rows)

    async def _apply(self, guild: str, person: Person, row: Row, policy: Policy, note: str) -> Applied:
        if row.kind is Kind.SAME:
            return Applied(slug=row.slug, became=Became.SAME)
        if policy is Policy.DRAFTS and row.text and re.fullmatch(WORD, row.slug):
            return await self._as_draft(guild, person, row)
        if row.kind is Kind.CHANGED and policy is Policy.MINE:
            return Applied(slug=row.slug, became=Became.KEPT)
        if row.kind is Kind.BROKEN or row.review is None or row.review.entry is None:
            reason = row.reason or (row.problems[0].message if row.problems else "it was not reviewed")
            return Applied(slug=row.slug, became=Became.REFUSED, reason=reason)
        return await self._publish(guild, person, row, row.review.entry.title, note)

    async def _publish(self, guild: str, person: Person, row: Row, title: str, note: str) -> Applied:
        office = self._office
        answers = office.storage.answers
        by = office.sign(person.author, note)
        n, before, head = await office.texts.head(guild, row.slug)
        undo = None if before is None else n
        if n != row.head:
            return await self._overtaken(guild, row)
        try:
            version: Version | None = head
            if before != row.text:
                text = Text(title=title, body=row.text)
                version = await answers.publish(guild, row.slug, text, base=n, by=by)
            elif not row.disabled:
                version = await answers.enable(guild, row.slug, base=n, by=by)
            if row.disabled and (version is None or version.live):
                base = version.n if version else SHIPPED
                version = await answers.disable(guild, row.slug, base=base, by=by)
        except AnswerConflict:
            return await self._overtaken(guild, row)
        became = Became.DISABLED if row.disabled else Became.PUBLISHED
        return Applied(slug=row.slug, became=became, undo=undo, version=version)

    async def _overtaken(self, guild: str, row: Row) -> Applied:
        meanwhile = await self._office.meanwhile(guild, row.slug, row.head)
        return Applied(
            slug=row.slug, became=Became.OVERTAKEN, meanwhile=meanwhile, reason=str(meanwhile or "")
        )

    async def _as_draft(self, guild: str, person: Person, row: Row) -> Applied:
        office = self._office
        n, _, _ = await office.texts.head(guild, row.slug)
        draft = Draft(slug=row.slug, author=person.author, base=n, at=office.now(), body=row.text)
        try:
            await office.storage.drafts.save(guild, draft)
        except DraftConflict as conflict:
            if conflict.winner.body == row.text:
                return Applied(slug=row.slug, became=Became.DRAFT)
            reason = f"you have a draft of {row.slug}, which was kept; publish it or give it up first"
            return Applied(slug=row.slug, became=Became.KEPT, reason=reason)
        except Unstorable as error:
            return Applied(slug=row.slug, became=Became.REFUSED, reason=str(error))
        return Applied(slug=row.slug, became=Became.DRAFT)


def _share(on_status: OnStatus, number: int, of: int, name: str) -> OnStatus:
    """Tell where the runs of one file stand as a share of all files."""

    def tell(status: Status) -> None:
        if isinstance(status, Running):
            fraction = (number + status.fraction) / of
            text = f"{name}: {status.text}" if status.text else name
            status = Running(fraction=fraction, text=text, seconds=status.seconds * (of - number))
        on_status(status)

    return tell


def _named(archive: Archive) -> list[Member]:
    """Return the members; platforms rename a file that comes alone, so its id counts."""
    if len(archive.members) != 1 or archive.members[0].text is None:
        return list(archive.members)
    [member] = archive.members
    entry = draft(archive.members[0].text).entry
    return [replace(member, slug=entry.id if entry and entry.id else member.slug)]


def _draft(row: Row) -> Read:
    """Read a file, which is named after its id."""
    found = draft(row.text, row.name)
    if found.entry is None or found.entry.id in {"", row.slug}:
        return found
    message = f"The file is named after its id; got id {found.entry.id!r} in {row.name!r}; rename one."
    line = found.entry.lines.get("id", 1)
    problem = Problem(code="file-name", message=message, line=line, path=row.name)
    return replace(found, problems=(*found.problems, problem))
