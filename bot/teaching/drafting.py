"""Drafts: begun, saved, put on top of newer versions, reviewed and given up; nothing of anybody's is lost."""

import re
from dataclasses import replace

from answers.matching.text import literal
from answers.schema import WORD
from answers.skeleton import skeleton
from bot.errors import BadRequest
from bot.reply import AnswerReply
from bot.service import Service
from bot.storage.drafts import Draft, DraftConflict
from bot.storage.people import Author
from bot.teaching.differences import Difference, compare
from bot.teaching.office import Office, called
from bot.teaching.outcomes import Elsewhere, Kept, Opened, Reviewed
from bot.teaching.review import Client
from bot.teaching.roles import Person, Role, require_assistant, require_instructor

_NOT_IN_AN_ID = re.compile(r"[^a-z0-9]+")
_LONGEST_ID = 40


class Drafting:
    """Everybody's drafts, server by server."""

    def __init__(self, office: Office) -> None:
        self._office = office

    async def new(self, guild: str, person: Person, slug: str) -> Opened:
        """Open the first version of a new answer; it is saved when its author saves it.

        Raises:
            Refused: students write none.
            BadRequest: this is no id, or there is such an answer.
        """
        require_assistant(person, "Writing an answer")
        _require_id(slug)
        n, text, _ = await self._office.texts.head(guild, slug)
        if text is not None:
            raise BadRequest(f"There is an answer {slug!r} already; edit it, or choose another id.")
        mine = await self._office.storage.drafts.get(guild, slug, person.author)
        if mine is not None:
            return await self.open(guild, person, slug)
        library = (await self._office.libraries.at(guild)).catalog
        taken = {literal(words) for entry in library for words in (entry.title, *entry.phrasings)}
        today = self._office.now().date()
        return Opened(slug=slug, text=skeleton(slug, person.author.name, today, taken), base=n, new=True)

    async def open(self, guild: str, person: Person, slug: str) -> Opened:
        """Open an answer to be edited: the author's own draft of it, or else what counts now.

        Raises:
            Refused: students write none.
            BadRequest: there is no such answer.
        """
        require_assistant(person, "Editing an answer")
        office = self._office
        mine = await office.storage.drafts.get(guild, slug, person.author)
        if mine is None:
            n, text, _ = await office.texts.require(guild, slug)
            return Opened(slug=slug, text=text, base=n)
        return Opened(
            slug=slug,
            text=mine.body,
            base=mine.base,
            revision=mine.revision,
            meanwhile=await office.meanwhile(guild, slug, mine.base),
        )

    async def save(self, guild: str, person: Person, opened: Opened, text: str) -> Kept | Elsewhere:
        """Keep what somebody has written so far, however unfinished it is.

        Args:
            guild: the server.
            person: the author.
            opened: what they began with.
            text: what they have now.

        Raises:
            Refused: students write none.
            Unstorable: no database takes the text.
        """
        require_assistant(person, "Writing an answer")
        office = self._office
        draft = Draft(
            slug=opened.slug,
            author=person.author,
            base=opened.base,
            revision=opened.revision,
            at=office.now(),
            body=text,
        )
        try:
            async with office.lock(guild, opened.slug):
                saved = await office.storage.drafts.save(guild, draft)
        except DraftConflict as conflict:
            between = await compare("saved elsewhere", conflict.winner.body, "not saved", text)
            return Elsewhere(winner=conflict.winner, text=text, difference=between)
        meanwhile = await office.meanwhile(guild, opened.slug, opened.base)
        return Kept(draft=saved, suggested=person.role < Role.INSTRUCTOR, meanwhile=meanwhile)

    async def rebase(self, guild: str, person: Person, slug: str, author: Author | None = None) -> Kept:
        """Keep a draft as it is, on top of the version that counts now, whose author's changes it undoes.

        Raises:
            Refused: it is somebody else's, and the person no instructor.
            BadRequest: there is no such draft.
        """
        office = self._office
        async with office.lock(guild, slug):
            draft = await self.require(guild, person, slug, author)
            n, _, _ = await office.texts.head(guild, slug)
            saved = await office.storage.drafts.save(guild, replace(draft, base=n, at=office.now()))
        return Kept(draft=saved, suggested=person.role < Role.INSTRUCTOR)

    async def discard(self, guild: str, person: Person, slug: str, author: Author | None = None) -> Draft:
        """Give a draft up; it is returned for whoever wants it back.

        Raises:
            Refused: it is somebody else's, and the person no instructor.
            BadRequest: there is no such draft.
        """
        draft = await self.require(guild, person, slug, author)
        async with self._office.lock(guild, slug):
            gone = await self._office.storage.drafts.discard(guild, slug, draft.author)
        return gone or draft

    async def put_back(  # noqa: PLR0913  what was given up, and whose it was
        self, guild: str, person: Person, slug: str, text: str, *, base: int, author: Author
    ) -> Draft:
        """Make a draft again of what was given up.

        Raises:
            Refused: it was somebody else's, and the person no instructor.
            DraftConflict: there is another draft by now.
        """
        if author.id == person.author.id:
            require_assistant(person, "Writing an answer")
        else:
            require_instructor(person, "Somebody else's draft")
        office = self._office
        draft = Draft(slug=slug, author=author, base=base, at=office.now(), body=text)
        async with office.lock(guild, slug):
            return await office.storage.drafts.save(guild, draft)

    async def changes(
        self, guild: str, person: Person, slug: str, author: Author | None = None
    ) -> Difference:
        """Compare a draft with what counts now.

        Raises:
            Refused: it is somebody else's, and the person no instructor.
            BadRequest: there is no such draft.
        """
        draft = await self.require(guild, person, slug, author)
        head, text, _ = await self._office.texts.head(guild, slug)
        return await compare(called(head), text or "", "this draft", draft.body)

    async def review(
        self,
        guild: str,
        person: Person,
        slug: str,
        author: Author | None = None,
        client: Client | None = None,
    ) -> Reviewed:
        """Review a draft and draw the card that students would see.

        Raises:
            Refused: it is somebody else's, and the person no instructor.
            BadRequest: there is no such draft.
            JobError: nothing can be run at present.
        """
        office = self._office
        draft = await self.require(guild, person, slug, author)
        head, live, _ = await office.texts.head(guild, slug)
        review = await office.review(guild, slug, draft.body, client)
        return Reviewed(
            slug=slug,
            review=review,
            author=draft.author,
            head=head,
            revision=draft.revision,
            difference=await compare(called(head), live or "", "this draft", draft.body),
            meanwhile=await office.meanwhile(guild, slug, draft.base),
        )

    async def preview(
        self, guild: str, person: Person, slug: str, client: Client | None = None
    ) -> AnswerReply:
        """Draw the card that students see now.

        Raises:
            Refused: students ask for it instead.
            BadRequest: students see no such answer.
            JobError: a simulation did not end well.
        """
        require_assistant(person, "Previewing an answer")
        library = await self._office.libraries.at(guild)
        entry = library.catalog.entries.get(slug)
        if entry is None:
            await self._office.texts.require(guild, slug)
            raise BadRequest(
                f"Students here do not see {slug!r}: it is disabled; enable it, or review a draft."
            )
        service = Service(
            catalog=library.catalog,
            matcher=library.matcher,
            laboratory=self._office.reviewer.laboratory,
        )
        client = client or Client()
        return await service.answer(
            entry, entry.title, theme=client.theme, asker=client.asker, on_status=client.on_status
        )

    async def require(self, guild: str, person: Person, slug: str, author: Author | None = None) -> Draft:
        """Return a draft, one's own where no author is named.

        Raises:
            Refused: it is somebody else's, and the person no instructor.
            BadRequest: there is no such draft.
        """
        author = author or person.author
        if author.id == person.author.id:
            require_assistant(person, "Writing an answer")
        else:
            require_instructor(person, "Somebody else's draft")
        draft = await self._office.storage.drafts.get(guild, slug, author)
        if draft is None:
            whose = "You have" if author.id == person.author.id else f"{author.name} has"
            raise BadRequest(
                f"{whose} no draft of {slug!r:.60} here; it may have been published; edit the answer."
            )
        return draft


def _require_id(slug: str) -> None:
    if not re.fullmatch(WORD, slug) or "\n" in slug:
        near = _NOT_IN_AN_ID.sub("_", slug.lower()).strip("_0123456789")[:_LONGEST_ID]
        raise BadRequest(
            "An id has up to 40 lower-case letters, digits and underscores, a letter first; "
            f"got {slug!r:.60}; try {near or 'why_relu'}."
        )
