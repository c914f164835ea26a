"""What students see: published, disabled, enabled and restored by instructors, never on top of each other."""

from bot.errors import BadRequest
from bot.storage.answers import SHIPPED, AnswerConflict, Change, Text, Version
from bot.storage.people import Author, Signed
from bot.teaching.differences import Difference, compare
from bot.teaching.drafting import Drafting
from bot.teaching.office import Office, called
from bot.teaching.outcomes import Overtaken, Published, Revised, Unfit
from bot.teaching.review import Client
from bot.teaching.roles import DRAFT_INSTEAD, Person, require_instructor
from bot.teaching.to_the_end import to_the_end

_AS = "reviewed by {}"
_ROOM = 300


class Publishing:
    """Everything after which students see something else."""

    def __init__(self, office: Office, drafting: Drafting) -> None:
        self._office = office
        self._drafting = drafting

    async def publish(  # noqa: PLR0913  whose, exactly what, and how it is told
        self,
        guild: str,
        person: Person,
        slug: str,
        *,
        head: int,
        revision: int,
        author: Author | None = None,
        note: str = "",
        client: Client | None = None,
    ) -> Published | Unfit | Overtaken | Revised:
        """Make a draft what students see, exactly as it was reviewed.

        Args:
            guild: the server.
            person: who publishes.
            slug: the answer.
            head: the version that counted when the draft was reviewed.
            revision: of the draft that was reviewed.
            author: whose draft it is, if not the person's own; the version is in their name.
            note: what it is about.
            client: for whom it is reviewed, where it has to be again.

        Raises:
            Refused: only instructors publish.
            BadRequest: there is no such draft, or nothing to publish.
            JobError: nothing can be run at present.
        """
        require_instructor(person, "Publishing an answer", DRAFT_INSTEAD)
        office = self._office
        draft = await self._drafting.require(guild, person, slug, author)
        if draft.revision != revision:
            return Revised(draft=draft)
        n, before, version = await office.texts.head(guild, slug)
        if n != head or draft.base != n:
            return await office.overtaken(guild, slug, draft.base if draft.base != n else head)
        shown = before if version is None or version.live else None
        if draft.body == shown:
            raise BadRequest(
                f"This draft of {slug!r} is what students see already; there is nothing to publish."
            )
        review = await office.approve(guild, slug, draft.body, client)
        if not review.passed or review.entry is None:
            return Unfit(slug=slug, review=review)
        other = draft.author.id != person.author.id
        said = [note.strip()[:_ROOM], _AS.format(person.author.name) if other else ""]
        by = office.sign(draft.author, "; ".join(part for part in said if part))
        async with office.lock(guild, slug):
            now = await office.storage.drafts.get(guild, slug, draft.author)
            if now is None:
                raise BadRequest(f"The draft of {slug!r} is gone: it was published or given up meanwhile.")
            if now.revision != revision:
                return Revised(draft=now)
            try:
                text = Text(title=review.entry.title, body=draft.body)
                made = await to_the_end(office.storage.answers.publish(guild, slug, text, base=n, by=by))
            except AnswerConflict:
                return await office.overtaken(guild, slug, n)
        return await to_the_end(self._done(guild, made, shown or "", draft.body, person.author))

    async def disable(
        self, guild: str, person: Person, slug: str, *, head: int, note: str = ""
    ) -> Published | Overtaken:
        """Stop showing an answer, also a shipped one, to the students of a server.

        Raises:
            Refused: only instructors do.
            BadRequest: there is no such answer, or it is disabled.
        """
        require_instructor(person, "Disabling an answer")
        office = self._office
        n, before, version = await office.texts.require(guild, slug)
        if n != head:
            return await office.overtaken(guild, slug, head)
        if version is not None and not version.live:
            raise BadRequest(f"{slug!r} is disabled already; enable it to show it again.")
        try:
            by = office.sign(person.author, note)
            made = await to_the_end(office.storage.answers.disable(guild, slug, base=n, by=by))
        except AnswerConflict:
            return await office.overtaken(guild, slug, n)
        return await to_the_end(self._done(guild, made, before, "", person.author))

    async def enable(  # noqa: PLR0913  how it is told
        self,
        guild: str,
        person: Person,
        slug: str,
        *,
        head: int,
        note: str = "",
        client: Client | None = None,
    ) -> Published | Unfit | Overtaken:
        """Show an answer again that was disabled, once it is reviewed.

        Raises:
            Refused: only instructors do.
            BadRequest: there is no such answer, or it is shown.
            JobError: nothing can be run at present.
        """
        require_instructor(person, "Enabling an answer")
        n, text, version = await self._office.texts.require(guild, slug)
        if n != head:
            return await self._office.overtaken(guild, slug, head)
        if version is None or version.live:
            raise BadRequest(f"{slug!r} is shown already; disable it to hide it.")
        by = self._office.sign(person.author, note)
        return await self._again(guild, slug, by, None, text, n, client)

    async def restore(  # noqa: PLR0913  how it is told
        self,
        guild: str,
        person: Person,
        slug: str,
        n: int,
        *,
        head: int,
        note: str = "",
        client: Client | None = None,
    ) -> Published | Unfit | Overtaken:
        """Make an old version what students see, as a new version, once it is reviewed.

        Args:
            guild: the server.
            person: who restores.
            slug: the answer.
            n: the version; 0 is the shipped text.
            head: the version that counted when they decided to.
            note: what it is about.
            client: for whom it is reviewed.

        Raises:
            Refused: only instructors do.
            BadRequest: there is no such answer.
            NotFound: it has no such version.
            JobError: nothing can be run at present.
        """
        require_instructor(person, "Restoring an answer")
        now, _, _ = await self._office.texts.require(guild, slug)
        if now != head:
            return await self._office.overtaken(guild, slug, head)
        text = await self._office.texts.at(guild, slug, n)
        by = self._office.sign(person.author, note)
        return await self._again(guild, slug, by, n, text, now, client)

    async def undo(
        self, guild: str, person: Person, slug: str, *, n: int, client: Client | None = None
    ) -> Published | Unfit | Overtaken:
        """Take the newest version back, as a new version: what students saw before is what they see again.

        Args:
            guild: the server.
            person: who takes it back.
            slug: the answer.
            n: the version that is taken back.
            client: for whom what comes back is reviewed.

        Raises:
            Refused: only instructors do.
            BadRequest: there is no such answer, or nothing to take back.
            JobError: nothing can be run at present.
        """
        require_instructor(person, "Undoing a change")
        office = self._office
        head, _, version = await office.texts.require(guild, slug)
        if version is None:
            raise BadRequest(f"Nobody has changed {slug!r} here; there is nothing to undo.")
        if head != n:
            return await office.overtaken(guild, slug, n)
        note = f"undid version {n}"
        if version.change is Change.DISABLED:
            return await self.enable(guild, person, slug, head=n, note=note, client=client)
        if n - 1 == SHIPPED:
            shown = office.texts.shipped(slug) is not None
        else:
            shown = (await office.storage.answers.version(guild, slug, n - 1)).live
        if not shown:
            return await self.disable(guild, person, slug, head=n, note=note)
        return await self.restore(guild, person, slug, n - 1, head=n, note=note, client=client)

    async def described(
        self, guild: str, made: Version, before: int | None, after: str, by: Author
    ) -> Published:
        """Describe a version that came about in another way than by publishing it, as an import does.

        Args:
            guild: the server.
            made: the version.
            before: the number of the one that counted before; None if there was none.
            after: its text.
            by: who did it.
        """
        old = "" if before is None else await self._office.texts.at(guild, made.slug, before)
        new = after if made.live else ""
        names = (
            "nothing" if before is None else called(before),
            called(made.n) if made.live else "not shown",
        )
        return Published(
            version=made, before=old, after=new, difference=await compare(names[0], old, names[1], new), by=by
        )

    async def _again(  # noqa: PLR0913, PLR0917  as above
        self,
        guild: str,
        slug: str,
        by: Signed,
        n: int | None,
        text: str,
        head: int,
        client: Client | None,
    ) -> Published | Unfit | Overtaken:
        """Bring a text back that was there before: version `n`, or the disabled head."""
        office = self._office
        review = await office.approve(guild, slug, text, client)
        if not review.passed:
            return Unfit(slug=slug, review=review)
        _, before, version = await office.texts.head(guild, slug)
        shown = "" if version is not None and not version.live else before or ""
        answers = office.storage.answers
        try:
            if n is None:
                made = await to_the_end(answers.enable(guild, slug, base=head, by=by))
            else:
                made = await to_the_end(answers.restore(guild, slug, n, base=head, by=by))
        except AnswerConflict:
            return await office.overtaken(guild, slug, head)
        return await to_the_end(self._done(guild, made, shown, text, by.author))

    async def _done(self, guild: str, made: Version, before: str, after: str, by: Author) -> Published:
        live = await self._office.refresh(guild)
        old = called(made.n - 1) if made.n > 1 or self._office.texts.shipped(made.slug) else "nothing"
        new = called(made.n) if made.change is not Change.DISABLED else "not shown"
        return Published(
            version=made,
            before=before,
            after=after,
            difference=await _told(made.change, old, before, new, after),
            by=by,
            live=live,
        )


async def _told(change: Change, old: str, before: str, new: str, after: str) -> Difference:
    """Compare two versions; what hides an answer or shows it again changes no line of it."""
    if change in {Change.DISABLED, Change.ENABLED}:
        said = "not shown any more" if change is Change.DISABLED else "shown again"
        return Difference(before=old, after=new, summary=said, lines="")
    return await compare(old, before, new, after)
