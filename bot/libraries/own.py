"""What a server has of its own, as it is stored, turned into what can be laid over the other answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from answers.catalog import Catalog
from answers.entry import Entry
from answers.errors import EntryRejected
from answers.matching import NO_LESSONS, Caution, Lessons
from answers.problem import Problem
from answers.reading import read

if TYPE_CHECKING:
    from bot.storage.answers import Version
    from bot.storage.opening import Storage
    from bot.storage.phrasings import Phrasing


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What the storage knows of a server."""

    versions: Sequence["Version"]
    phrasings: Sequence["Phrasing"]
    caution: Caution


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """Answers, lessons and a setting of one server."""

    entries: Mapping[str, Entry] = field(default_factory=dict[str, Entry])
    hidden: frozenset[str] = frozenset()
    """Ids of answers that the server does not show, shipped ones among them."""
    lessons: Lessons = NO_LESSONS
    caution: Caution = Caution.BALANCED
    problems: tuple[Problem, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict[str, str])
    """What the entries were read from."""

    def __bool__(self) -> bool:
        return bool(self.entries or self.hidden or self.lessons or self.problems)

    def over(self, base: Catalog) -> Catalog:
        """Lay the server's answers over others."""
        entries = {**base.entries, **self.entries}
        shown = {id_: entry for id_, entry in entries.items() if id_ not in self.hidden}
        return Catalog(entries=shown, problems=(*base.problems, *self.problems))


async def load_stored(storage: "Storage", guild: str) -> Stored:
    """Ask the storage for all that a server has of its own.

    Raises:
        StorageError: the storage did not answer.
    """
    settings = await storage.settings.get(guild)
    return Stored(
        versions=await storage.answers.heads(guild),
        phrasings=await storage.phrasings.list(guild),
        caution=Caution(settings.caution.value),
    )


def read_own(stored: Stored, before: Own) -> Own:
    """Read what is stored; what was read before is not read again.

    An answer that cannot be read, because it was published when the rules were others, stays as it was last
    read; if it never was, it is left out, also where it replaces a shipped one: that was not to be shown.
    """
    entries: dict[str, Entry] = {}
    texts: dict[str, str] = {}
    hidden: set[str] = set()
    problems: list[Problem] = []
    for version in stored.versions:
        slug, text = version.slug, version.body
        if not version.live:
            hidden.add(slug)
        elif text is not None:
            known = before.entries.get(slug)
            if known is not None and before.texts[slug] == text:
                entries[slug], texts[slug] = known, text
                continue
            try:
                entries[slug], texts[slug] = _read(slug, text), text
            except EntryRejected as error:
                problems += [*error.problems, _unreadable(version, is_kept=known is not None)]
                if known is None:
                    hidden.add(slug)
                else:
                    entries[slug], texts[slug] = known, before.texts[slug]
    return Own(
        entries=entries,
        hidden=frozenset(hidden),
        lessons=lessons_of(stored.phrasings),
        caution=stored.caution,
        problems=tuple(problems),
        texts=texts,
    )


def lessons_of(phrasings: Sequence["Phrasing"]) -> Lessons:
    """Return accepted wordings as the matcher learns them."""
    lessons = NO_LESSONS
    accepted: dict[str, list[str]] = {}
    excluded: dict[str, list[str]] = {}
    negatives: list[str] = []
    for one in phrasings:
        if one.slug is None:
            negatives.append(one.text)
        else:
            (excluded if one.negative else accepted).setdefault(one.slug, []).append(one.text)
    return replace(
        lessons,
        phrasings={slug: tuple(texts) for slug, texts in accepted.items()},
        negatives=tuple(negatives),
        exclusions={slug: tuple(texts) for slug, texts in excluded.items()},
    )


def _read(slug: str, text: str) -> Entry:
    entry = read(text, path=_place(slug))
    if entry.id != slug:
        message = f"An answer is published under its id; got id {entry.id!r} in {slug!r}; edit it."
        raise EntryRejected([Problem(code="file-name", message=message, path=_place(slug))])
    return entry


def _unreadable(version: "Version", *, is_kept: bool) -> Problem:
    meanwhile = "as it was before is shown" if is_kept else "is not shown"
    message = (
        f"Version {version.n} of {version.slug} cannot be read by this version of the bot: the answer "
        f"{meanwhile} meanwhile; edit it and publish it again."
    )
    return Problem(code="published", message=message, path=_place(version.slug))


def _place(slug: str) -> str:
    return f"published answer {slug}"
