"""A server's library as one zip: the same library gives the same bytes, wherever it is."""

import io
import zipfile
from collections.abc import Mapping

DISABLED = "disabled"
"""The folder of answers that students do not see."""

README = """\
# Answers

One Markdown file for each answer, named after its id. In the folder `disabled`, if there is one, are answers
that students do not see. `glossary.txt`, if there is one, holds abbreviations: `lr = learning rate`.

- Into a server: `/answer import` with this zip. It says first what is new, changed, the same or broken, and
  asks whether to keep yours, take these, or make drafts of them.
- Beside the shipped answers, under git: unpack it into a folder, name the folder in `BACKCHAT_ANSWERS`, and
  check it with `backchat check FOLDER`.
"""

_MOMENT = (1980, 1, 1, 0, 0, 0)
"""The earliest a zip can name: when a file was packed says nothing."""
_MODE = 0o100644 << 16
_UNIX = 3
_LEVEL = 6


def pack(answers: Mapping[str, str], disabled: Mapping[str, str], glossary: str = "") -> bytes:
    """Write a zip.

    Args:
        answers: the texts that students see, by id.
        disabled: those that they do not see.
        glossary: the abbreviations of the course.
    """
    files = {"README.md": README}
    files |= {f"{slug}.md": text for slug, text in answers.items()}
    files |= {f"{DISABLED}/{slug}.md": text for slug, text in disabled.items()}
    if glossary:
        files["glossary.txt"] = glossary
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, _MOMENT)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = _MODE
            info.create_system = _UNIX
            archive.writestr(info, files[name].encode())
    return packed.getvalue()
