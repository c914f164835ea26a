"""A new answer begun with what was asked: its title and phrasings are the group's own words."""

import re
from collections.abc import Collection, Iterable
from dataclasses import replace

from answers.matching.text import literal, strip_markup
from bot.errors import BadRequest
from bot.inbox.group import Group, GroupId
from bot.inbox.looking import Looking
from bot.libraries import Libraries
from bot.storage.opening import Storage
from bot.teaching.drafting import Drafting
from bot.teaching.form.front_matter import split
from bot.teaching.form.yaml_text import block
from bot.teaching.outcomes import Opened
from bot.teaching.roles import Person, require_assistant

_FEWEST, _PHRASINGS = 3, 20
_TODO = "TODO"
"""Begins what an author has to replace."""
_LONGEST_TITLE, _SHORTEST_TITLE = 100, 5
_LONGEST_PHRASING = 200
_LONGEST_ID = 40
_SMALL = frozenset(
    word
    for line in (
        "a an and are as at be but by can did do does explain explained for from get got has have how i in",
        "is it its me my of pls",
        "on or our please s so somebody someone t tell that the their them there they this to us was we were",
        "what when where which who why will with work works would you your",
    )
    for word in line.split()
)


class Writing:
    """Opens answers for groups of the inbox."""

    def __init__(self, storage: Storage, libraries: Libraries, looking: Looking, drafting: Drafting) -> None:
        self._storage = storage
        self._libraries = libraries
        self._looking = looking
        self._drafting = drafting

    async def open(self, guild: str, person: Person, id_: GroupId) -> Opened:
        """Open a new answer for a group; its author saves it as any other draft.

        Nothing is decided on the group by that: `Deciding.answered` is, once there is an answer.

        Raises:
            Refused: students write none.
            StorageError: the group is decided on or gone, or the storage did not answer.
        """
        require_assistant(person, "Writing an answer")
        group = await self._looking.find(guild, id_)
        catalog = (await self._libraries.at(guild)).catalog
        own = {one.slug for one in await self._storage.answers.list(guild)}
        drafts = {one.slug for one in await self._storage.drafts.list(guild, person.author)}
        shipped = self._libraries.of(None).catalog.entries
        slug = slug_for(group.question, {*catalog.entries, *shipped, *own, *drafts})
        opened = await self._drafting.new(guild, person, slug)
        taken = {literal(text) for entry in catalog for text in (entry.title, *entry.phrasings)}
        return replace(opened, text=prefilled(opened.text, group, taken))


def prefilled(skeleton: str, group: Group, taken: Collection[str]) -> str:
    """Return the file of a new answer with a group's words for its title and first phrasings.

    Args:
        skeleton: the file as it is without them.
        group: what was asked.
        taken: titles and phrasings of other answers, as `literal` reads them, which it may not have too.
    """
    file = split(skeleton)
    parts: dict[str, str] = {}
    title = _title(group.question)
    if len(title) >= _SHORTEST_TITLE and literal(title) not in taken:
        parts["title"] = block("title", title)
    else:
        title = str(file.data["title"])
    given = [str(one) for one in file.data["phrasings"]]
    todo = [one for one in given if one.startswith(_TODO)]
    seen = {literal(title), *taken}
    words = [*map(_line, group.wordings), *(one for one in given if one not in todo)]
    phrasings = list(_new(words, seen))[:_PHRASINGS]
    if len(phrasings) < _FEWEST:
        phrasings = [*todo, *phrasings]
    parts["phrasings"] = block("phrasings", phrasings)
    return file.replaced(parts)


def slug_for(question: str, taken: Collection[str]) -> str:
    """Return an id that says what is asked, and that nothing has yet."""
    words = [word for word in re.findall(r"[a-z0-9]+", literal(question)) if word not in _SMALL]
    base = ""
    for word in words:
        longer = f"{base}_{word}" if base else word
        if len(longer) > _LONGEST_ID - 4:
            break
        base = longer
    base = base if base[:1].isalpha() else f"question_{base}".rstrip("_")
    for number in range(1, 1_000):
        slug = base if number == 1 else f"{base}_{number}"
        if slug not in taken:
            return slug
    raise BadRequest(f"There are a thousand answers called {base!r} already; write this one by hand.")


def _title(question: str) -> str:
    words = _line(question)
    if len(words) >= _LONGEST_TITLE:
        words = words[: _LONGEST_TITLE - 1].rpartition(" ")[0] or words[: _LONGEST_TITLE - 1]
    title = f"{words[:1].upper()}{words[1:]}"
    return title if title.endswith(("?", "!", ".")) else f"{title}?"


def _line(text: str) -> str:
    """Return a question on one line, without marks and what does not fit."""
    return "".join(filter(str.isprintable, strip_markup(text)))[:_LONGEST_PHRASING].strip()


def _new(texts: Iterable[str], seen: set[str]) -> Iterable[str]:
    for text in texts:
        key = literal(text)
        if key and key not in seen:
            seen.add(key)
            yield text
