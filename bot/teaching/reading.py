"""The answers of a server as instructors see them: which there are, their texts and their history."""

from bot.errors import BadRequest
from bot.storage.answers import SHIPPED, Listed
from bot.storage.text import folded
from bot.teaching.differences import Difference, compare
from bot.teaching.office import Office, called
from bot.teaching.outcomes import Item, Shown, State, Waiting
from bot.teaching.roles import Person, Role, require_assistant


class Reading:
    """Looks at everything and changes nothing."""

    def __init__(self, office: Office) -> None:
        self._office = office

    async def list(self, guild: str, person: Person, words: str = "") -> tuple[Item, ...]:
        """Return the answers of a server by id, with the drafts that wait; optionally those with all words.

        Raises:
            Refused: students ask questions instead.
        """
        require_assistant(person, "The list of answers")
        storage = self._office.storage
        heads = {one.slug: one for one in await storage.answers.list(guild)}
        found = {one.slug for one in await storage.answers.search(guild, words)}
        titles = self._office.texts.shipped_ids()
        drafts: dict[str, list[Waiting]] = {}
        for draft in await storage.drafts.waiting(guild):
            mine = draft.author.id == person.author.id
            if mine or person.role >= Role.INSTRUCTOR:
                one = Waiting(author=draft.author, at=draft.at, mine=mine)
                drafts.setdefault(draft.slug, []).append(one)
        items: list[Item] = []
        for slug in sorted({*heads, *titles, *drafts}):
            head = heads.get(slug)
            title = (head and head.title) or titles.get(slug, slug)
            if slug in found or _has(words, slug, title):
                items.append(
                    Item(
                        slug=slug,
                        title=title,
                        state=_state(head, shipped=slug in titles),
                        n=head.n if head else SHIPPED,
                        changed=head,
                        drafts=tuple(drafts.get(slug, ())),
                    )
                )
        return tuple(items)

    async def show(self, guild: str, person: Person, slug: str, n: int | None = None) -> Shown:
        """Return the text of the version that counts, or of another one; 0 is the shipped one.

        Raises:
            Refused: students ask questions instead.
            BadRequest: there is no such answer.
            NotFound: it has no such version.
        """
        require_assistant(person, "The text of an answer")
        try:
            head, text, version = await self._office.texts.require(guild, slug)
        except BadRequest:
            if await self._office.storage.drafts.get(guild, slug, person.author) is None:
                raise
            raise BadRequest(
                f"{slug!r} is a draft of yours and no answer yet; "
                "`/answer preview` shows it, and `/answer edit` opens it."
            ) from None
        if n is not None and n != head:
            text = await self._office.texts.at(guild, slug, n)
        shipped = slug in self._office.texts.shipped_ids()
        return Shown(
            slug=slug,
            n=head if n is None else n,
            body=text,
            state=_state(version, shipped=shipped),
            changed=version,
        )

    async def history(
        self, guild: str, person: Person, slug: str, before: int | None = None
    ) -> tuple[Listed, ...]:
        """Return who changed an answer, when and why, the newest first; empty for one nobody has touched.

        Raises:
            Refused: students ask questions instead.
            BadRequest: there is no such answer.
        """
        require_assistant(person, "The history of an answer")
        await self._office.texts.require(guild, slug)
        return await self._office.storage.answers.history(guild, slug, before=before)

    async def diff(self, guild: str, person: Person, slug: str, old: int, new: int) -> Difference:
        """Compare two versions; 0 is the shipped text.

        Raises:
            Refused: students ask questions instead.
            BadRequest: there is no such answer.
            NotFound: it has no such version.
        """
        require_assistant(person, "The history of an answer")
        await self._office.texts.require(guild, slug)
        texts = self._office.texts
        before, after = await texts.at(guild, slug, old), await texts.at(guild, slug, new)
        return await compare(called(old), before, called(new), after)


def _state(head: Listed | None, *, shipped: bool) -> State:
    if head is None:
        return State.SHIPPED if shipped else State.DRAFT
    if not head.live:
        return State.DISABLED
    if not shipped:
        return State.OWN
    return State.SHIPPED if head.title is None else State.CHANGED


def _has(words: str, *texts: str) -> bool:
    whole = folded(" ".join(texts))
    return all(word in whole for word in folded(words).split())
