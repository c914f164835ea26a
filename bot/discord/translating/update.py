"""`python -m bot.discord.translating.update` adds the texts that a language lacks to its file, untranslated.

`python -m bot.discord.translating.update pt-BR` begins another language.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

from bot.discord.translating import po
from bot.discord.translating.marks import Mark, marks

_HERE = Path(__file__).parent
_NEW = (
    'msgid ""\nmsgstr ""\n"Language: {language}\\n"\n"MIME-Version: 1.0\\n"\n'
    '"Content-Type: text/plain; charset=UTF-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
    '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n'
)


def updated(text: str, found: Iterable[Mark]) -> tuple[str, int]:
    """Return a file with the texts that it lacks at its end, and how many these are."""
    known = {one.text for one in po.read(text)}
    new: dict[str, Mark] = {}
    for mark in found:
        if mark.text and mark.text not in known:
            new.setdefault(mark.text, mark)
    return text.rstrip("\n") + "\n" + "".join(map(_block, new.values())), len(new)


def _block(mark: Mark) -> str:
    head = f"\n#: {mark.path.as_posix()}\nmsgid {po.quoted(mark.text)}\n"
    if not mark.plural:
        return f'{head}msgstr ""\n'
    return f'{head}msgid_plural {po.quoted(mark.plural)}\nmsgstr[0] ""\nmsgstr[1] ""\n'


def main(wanted: list[str]) -> None:
    """Bring all files up to date, and begin those that are wanted."""
    folder = _HERE / "languages"
    found = list(marks(_HERE.parent))
    for path in sorted({*folder.glob("*.po"), *(folder / f"{language}.po" for language in wanted)}):
        before = path.read_text(encoding="utf-8") if path.exists() else _NEW.format(language=path.stem)
        text, new = updated(before, found)
        path.write_text(text, encoding="utf-8")
        left = sum(not one.is_done for one in po.read(text) if one.text)
        sys.stdout.write(f"{path.name}: {new} new, {left} not translated\n")


if __name__ == "__main__":
    main(sys.argv[1:])
