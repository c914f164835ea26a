"""Folders of answers, read again file by file: what cannot be read stays as it was read last."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from answers.catalog import Catalog, answer_files, load, read_file, read_text
from answers.entry import Entry
from answers.errors import EntryRejected
from answers.matching import glossary
from answers.matching.glossary import Glossary
from answers.problem import Problem

Stamp = tuple[int, ...]
"""What changes when a file does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What stands in the folders, without reading it."""

    files: Mapping[Path, Mapping[Path, Stamp]]
    """By folder; a folder that is not there is left out."""
    folders: Mapping[Path, Stamp]
    """Which folders these are, should others take their places."""

    def changed_since(self, other: "Look") -> frozenset[Path]:
        """Return the files that are not what they were."""
        mine, others = _all(self.files), _all(other.files)
        return frozenset(path for path in mine.keys() | others.keys() if mine.get(path) != others.get(path))


@dataclass(frozen=True, slots=True)
class _Known:
    """A file as it was read last."""

    stamp: Stamp
    entry: Entry | None = None
    meanings: Mapping[str, str] = field(default_factory=dict[str, str])
    problems: tuple[Problem, ...] = ()


class Folders:
    """The shipped answers and those of more folders; a later file replaces an earlier id.

    One thread at a time uses it.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = tuple(dict.fromkeys(folders))
        self._shipped = load()
        self._known: dict[Path, dict[Path, _Known]] = {}
        self._which: dict[Path, Stamp] = {}
        self._missing: dict[Path, Problem] = {}
        self.read(self.look())

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything that cannot be read at present."""
        read = (one.problems for files in self._known.values() for one in files.values())
        return (*self._missing.values(), *(problem for some in read for problem in some))

    @property
    def catalog(self) -> Catalog:
        """The answers as they were read last."""
        entries = dict(self._shipped.entries)
        for folder in self._folders:
            known = self._known.get(folder, {})
            entries |= {one.entry.id: one.entry for _, one in sorted(known.items()) if one.entry}
        return Catalog(entries=entries, problems=(*self._shipped.problems, *self.problems))

    @property
    def meanings(self) -> Mapping[str, str]:
        """The abbreviations as they were read last, besides the shipped ones."""
        found: dict[str, str] = {}
        for folder in self._folders:
            for one in self._known.get(folder, {}).values():
                found |= one.meanings
        return found

    @property
    def glossary(self) -> Glossary:
        """All abbreviations."""
        return Glossary({**glossary.parse(read_text(glossary.SHIPPED)), **self.meanings})

    def look(self) -> Look:
        """Look at what is there, at the cost of a call to the system for every file."""
        files: dict[Path, Mapping[Path, Stamp]] = {}
        which: dict[Path, Stamp] = {}
        for folder in self._folders:
            try:
                found = folder.stat()
                own = [path for path in folder.iterdir() if path.name == glossary.FILE]
                paths = [*answer_files(folder), *own]
            except OSError:
                continue
            identity = (found.st_dev, found.st_ino)
            # Where something was mounted, an empty folder is left.
            if not paths and self._known.get(folder) and self._which.get(folder) != identity:
                continue
            files[folder] = {path: _stamp(path) for path in paths}
            which[folder] = identity
        return Look(files=files, folders=which)

    def is_news(self, look: Look) -> bool:
        """Tell whether anything is not as it was read."""
        if look.files.keys() & self._missing.keys() or len(look.files) + len(self._missing) < len(
            self._folders
        ):
            return True
        return any(
            {path: one.stamp for path, one in self._known[folder].items()} != files
            for folder, files in look.files.items()
        )

    def read(self, look: Look, but: Collection[Path] = ()) -> tuple[Problem, ...]:
        """Read what has changed; return the problems that were not there before.

        Args:
            look: what was found.
            but: files that are being written, to be left for later.
        """
        before = set(self.problems)
        for folder in self._folders:
            files = look.files.get(folder)
            if files is None:
                self._missing[folder] = self._gone(folder)
                continue
            self._missing.pop(folder, None)
            self._which[folder] = look.folders[folder]
            known = self._known.get(folder, {})
            self._known[folder] = {
                path: one
                for path, stamp in sorted(files.items())
                if (one := _again(path, stamp, known.get(path), is_busy=path in but)) is not None
            }
        return tuple(problem for problem in self.problems if problem not in before)

    def _gone(self, folder: Path) -> Problem:
        if not self._known.get(folder):
            return Problem(code="folder", message="This folder does not exist.", path=str(folder))
        message = "This folder is not there any more; its answers stay as they were until it is back."
        return Problem(code="folder", message=message, path=str(folder))


def _stamp(path: Path) -> Stamp:
    try:
        found = path.stat()
    except OSError as error:
        # A link that leads nowhere, or round in circles.
        return (error.errno or 0,)
    return (found.st_mode, found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino, found.st_dev)


def _again(path: Path, stamp: Stamp, before: _Known | None, *, is_busy: bool) -> _Known | None:
    """Read a file if it has changed; keep what was read before if it cannot be read, or not yet."""
    if is_busy or (before is not None and before.stamp == stamp):
        return before
    kept = before or _Known(stamp)
    if path.name == glossary.FILE:
        found = _read_glossary(path, stamp, kept)
    else:
        try:
            found = _Known(stamp, entry=read_file(path))
        except EntryRejected as error:
            found = _Known(stamp, entry=kept.entry, problems=error.problems)
    # What was written while it was read may be half a file.
    return found if _stamp(path) == stamp else before


def _read_glossary(path: Path, stamp: Stamp, kept: _Known) -> _Known:
    try:
        return _Known(stamp, meanings=glossary.parse(read_text(path)))
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        message = f"The abbreviations cannot be read: {reason}; save them as a text file."
        problem = Problem(code="file", message=message, path=str(path))
        return _Known(stamp, meanings=kept.meanings, problems=(problem,))


def _all(files: Mapping[Path, Mapping[Path, Stamp]]) -> Mapping[Path, Stamp]:
    return {path: stamp for some in files.values() for path, stamp in some.items()}
