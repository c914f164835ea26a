"""Which revisions this version knows, read from the migrations without loading what runs them.

Every start asks this, and hardly any migrates: Alembic would be a tenth of the start's time.
"""

import ast
from pathlib import Path


def revisions(scripts: Path) -> list[str]:
    """List the revisions of the migrations in a folder, oldest first.

    Raises:
        RuntimeError: there are none, or they are not one line of descent.
    """
    after: dict[str | None, str] = {}
    files = sorted((scripts / "versions").glob("v*.py"))
    for path in files:
        own = _constants(path)
        after[own.get("down_revision")] = own.get("revision") or ""
    found: list[str] = []
    while (following := after.get(found[-1] if found else None)) is not None and following not in found:
        found.append(following)
    if not found or len(found) != len(files):
        msg = f"no line of migrations in {scripts}: {after}"
        raise RuntimeError(msg)
    return found


def _constants(path: Path) -> dict[str, str | None]:
    """Return what a migration says of itself."""
    found: dict[str, str | None] = {}
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            value = node.value.value
            names = [target.id for target in node.targets if isinstance(target, ast.Name)]
            found |= {name: value if isinstance(value, str) else None for name in names}
    return found
