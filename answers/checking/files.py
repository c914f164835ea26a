"""Files of answers, read as far as they can be."""

from dataclasses import replace
from pathlib import Path

from answers.catalog import read_text
from answers.draft import Draft
from answers.problem import Problem
from answers.reading import draft


def draft_file(path: Path) -> Draft:
    """Read what can be read of a file, with everything that keeps it from being an answer."""
    try:
        text = read_text(path)
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        message = f"The file cannot be read: {reason}."
        return Draft(entry=None, problems=(Problem(code="file", message=message, path=str(path)),))
    found = draft(text, str(path))
    if found.entry is None or found.entry.id in {"", path.stem}:
        return found
    message = f"The file is named after its id; got id {found.entry.id!r} in {path.name!r}; rename one."
    line = found.entry.lines.get("id", 1)
    problem = Problem(code="file-name", message=message, line=line, path=str(path))
    return replace(found, problems=(*found.problems, problem))
