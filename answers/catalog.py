"""The library: all entries, shipped and added, checked against each other."""

import errno
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from answers.entry import Entry
from answers.errors import EntryRejected
from answers.problem import Problem
from answers.reading import MAX_SOURCE, read

SHIPPED = Path(__file__).parent / "library"

_MOST_BYTES = 4 * MAX_SOURCE
_NO_ANSWERS = frozenset({"readme", "changelog", "contributing", "license", "code_of_conduct"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """Entries by id, and the problems of the files that could not be read."""

    entries: Mapping[str, Entry]
    problems: tuple[Problem, ...] = ()

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries.values())

    def __len__(self) -> int:
        return len(self.entries)


def load(folders: Sequence[Path] = ()) -> Catalog:
    """Load the shipped answers and those of more folders; a later file replaces an earlier id.

    A file that cannot be read is left out and reported in `problems`; the others are served.
    """
    entries: dict[str, Entry] = {}
    problems: list[Problem] = []
    for folder in (SHIPPED, *folders):
        if not folder.is_dir():
            problems.append(Problem(code="folder", message="This folder does not exist.", path=str(folder)))
            continue
        for path in answer_files(folder):
            try:
                entry = read_file(path)
            except EntryRejected as error:
                problems.extend(error.problems)
                continue
            entries[entry.id] = entry
    return Catalog(entries=entries, problems=tuple(problems))


def answer_files(folder: Path) -> list[Path]:
    """Return the files of a folder that are meant as answers; what a repository says of itself is none."""
    found = sorted(folder.glob("*.md"))
    return [path for path in found if path.stem.lower() not in _NO_ANSWERS and path.name[0] != "."]


def read_text(path: Path) -> str:
    """Read a text file; a pipe or a device, which may never end, and a huge file are an OSError."""
    if path.exists() and not path.is_file() and not path.is_dir():
        raise OSError(errno.EINVAL, "it is no ordinary file")
    with path.open("rb") as file:
        data = file.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        raise OSError(errno.EFBIG, f"it has more than {_MOST_BYTES} bytes, which no answer needs")
    return data.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")


def read_file(path: Path) -> Entry:
    """Read one file; raise EntryRejected if it is not a valid entry or cannot be opened."""
    try:
        text = read_text(path)
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        message = f"The file cannot be read: {reason}."
        raise EntryRejected([Problem(code="file", message=message, path=str(path))]) from None
    entry = read(text, path=str(path))
    if path.stem != entry.id:
        message = f"The file is named after its id; got id {entry.id!r} in {path.name!r}; rename one."
        raise EntryRejected([Problem(code="file-name", message=message, path=str(path))])
    return entry
