"""The texts of an entry and where each stands in its file."""

from dataclasses import dataclass

from answers.entry import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A template of an entry; `whole` tells whether its line breaks are those of the file."""

    name: str
    source: str
    line: int
    whole: bool = False

    def line_of(self, offset: int) -> int:
        """Return the line of a character in the file, or the first line where breaks were folded."""
        return self.line + self.source[:offset].count("\n") if self.whole else self.line


def texts(entry: Entry) -> list[Text]:
    """Return every template of an entry."""
    found = [
        Text(name=name, source=getattr(entry, name), line=entry.lines.get(name, 1), whole=name in _WHOLE)
        for name in ("short", "misconception", "body", "more")
    ]
    for claim in entry.claims:
        line = entry.lines.get(f"claim {claim.id}", 1)
        found.append(Text(name=f"claim {claim.id}", source=claim.text, line=line))
        line = entry.lines.get(f"otherwise {claim.id}", line)
        found.append(Text(name=f"otherwise {claim.id}", source=claim.otherwise, line=line))
    return [text for text in found if text.source]


_WHOLE = ("body", "more")
