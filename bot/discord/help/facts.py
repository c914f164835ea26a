"""What is installed and since when it runs."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib import metadata

_PACKAGE = "backchat"

STARTED = datetime.now(UTC)
"""When this was imported, which a bot does as it starts."""


def version(package: str = _PACKAGE) -> str:
    """Return the version of a package; it need not be imported for that."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "?"


def licence() -> str:
    """Return the short name of the licence."""
    try:
        return (metadata.metadata(_PACKAGE).get_all("License-Expression") or ["?"])[0]
    except metadata.PackageNotFoundError:
        return "?"


def links() -> Mapping[str, str]:
    """Return the project's addresses by name, as its package states them."""
    try:
        stated = metadata.metadata(_PACKAGE).get_all("Project-URL") or []
    except metadata.PackageNotFoundError:
        return {}
    pairs = (entry.partition(",") for entry in stated)
    return {name.strip(): url.strip() for name, _, url in pairs if url.strip().startswith("https://")}


def computing_with(build: str, library: str) -> str:
    """Return the version of a library where the networks run, as the engine describes that."""
    found = re.search(rf"\b{re.escape(library)} ([^\s,;]+)", build)
    return found[1] if found else "?"
