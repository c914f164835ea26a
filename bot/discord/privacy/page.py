"""The table of docs/privacy.md, from the registry: `python -m bot.discord.privacy.page FILE` writes it."""

import re
import sys
from pathlib import Path

from bot.storage.registry import REGISTRY, Erasing, Held

_BEGIN, _END = "<!-- registry -->", "<!-- /registry -->"
_ERASED = {
    Erasing.DELETE: "it goes",
    Erasing.BLANK: "it stays without your name",
}


def table() -> str:
    """Write what every table of the database holds."""
    rows = ["| what | why | for how long | `/privacy delete` |", "|---|---|---|---|", *map(_row, REGISTRY)]
    return "\n".join(rows)


def with_table(page: str) -> str:
    """Return the page with the present table between its marks.

    Raises:
        ValueError: the page has no marks.
    """
    if _BEGIN not in page or _END not in page:
        msg = f"a page with {_BEGIN} and {_END} was wanted"
        raise ValueError(msg)
    # A function, because a backslash in the table would mean something.
    return re.sub(f"{_BEGIN}.*{_END}", lambda _: f"{_BEGIN}\n{table()}\n{_END}", page, flags=re.DOTALL)


def _row(held: Held) -> str:
    erased = "nobody is in it" if held.person is None else _ERASED[held.erasing]
    return f"| {held.what} | {held.why} | {held.how_long} | {erased} |"


def main(path: Path) -> None:
    """Write the table into a page."""
    path.write_text(with_table(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
