"""The texts of an entry and where each stands in its file."""

from dataclasses import dataclass

from answers.entry import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A template of an entry; `starts` are the offsets at which lines of the file begin, and those lines."""

    name: str
    source: str
    starts: tuple[tuple[int, int], ...]

    def line_of(self, offset: int) -> int:
        """Return the line of a character in the file."""
        return max((start for start in self.starts if start[0] <= offset), default=self.starts[0])[1]

    @property
    def unfolded(self) -> str:
        """The source with the line breaks that YAML folded into blanks, for what counts lines."""
        letters = list(self.source)
        for offset, _ in self.starts[1:]:
            if letters[offset - 1] == " ":
                letters[offset - 1] = "\n"
        return "".join(letters)

    def line_in_file(self, line: int) -> int:
        """Return the line of the file for a line of `unfolded`, counted from 1."""
        offset = sum(len(part) + 1 for part in self.unfolded.split("\n")[: line - 1])
        return self.line_of(offset)


def texts(entry: Entry) -> list[Text]:
    """Return every template of an entry."""
    found = [_folded(entry, name, getattr(entry, name)) for name in ("short", "misconception")]
    for name in ("body", "more"):
        source, line = getattr(entry, name), entry.lines.get(name, 1)
        breaks = [offset + 1 for offset, letter in enumerate(source) if letter == "\n"]
        starts = tuple((offset, line + number) for number, offset in enumerate([0, *breaks]))
        found.append(Text(name=name, source=source, starts=starts))
    for claim in entry.claims:
        found.append(_folded(entry, f"claim {claim.id}", claim.text))
        found.append(_folded(entry, f"otherwise {claim.id}", claim.otherwise))
    return [text for text in found if text.source]


def _folded(entry: Entry, name: str, source: str) -> Text:
    """Return a text of the front matter, whose further lines the entry knows as "short@57"."""
    starts = [(0, entry.lines.get(name, 1))]
    for key, line in entry.lines.items():
        part, at, offset = key.rpartition("@")
        if at and part == name and 0 <= int(offset) < len(source):
            starts.append((int(offset), line))
    # What starts at the first character, on the line below >-, has its own line.
    return Text(name=name, source=source, starts=tuple(sorted(dict(starts).items())))
