"""The shape of the project: import directions, sizes, what the wheel holds, what importing loads."""

import ast
import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "answers", "sim")
SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def run(*command: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=170)


def test_imports_keep_the_directions_of_the_contracts() -> None:
    done = run(str(Path(sys.executable).with_name("lint-imports")), "--no-cache")
    assert done.returncode == 0, done.stdout


def test_only_bot_discord_imports_discord() -> None:
    # `bot.cli.run` names `bot.discord`, inside a function: no other command loads discord.py.
    guilty = [path for path in SOURCES if "discord" in imported(path) and "discord" not in path.parts]
    assert guilty == []


def test_only_the_computing_files_of_sim_import_torch() -> None:
    files = {"activations", "algebra", "collapse", "losses", "profiles", "randomness", "slices"}
    folders = {"convexity", "data", "experiments", "networks", "papers", "passes", "training"}
    for path in SOURCES:
        if "torch" in imported(path):
            assert path.is_relative_to(ROOT / "sim"), path
            assert path.stem in files or path.parent.name in folders, path


def imported(path: Path) -> set[str]:
    """Return the top-level packages that a file imports, wherever in the file."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize(
    "module",
    [
        "sim",
        "answers",
        "bot",
        "bot.cli",
        "bot.cli.ask",
        "bot.cli.simulate",
        "bot.service",
        "bot.discord.client",
    ],
)
def test_importing_loads_no_torch(module: str) -> None:
    program = f"import {module}, sys; print('torch' in sys.modules, 'matplotlib' in sys.modules)"
    done = run(sys.executable, "-W", "ignore", "-c", program)
    assert done.stdout.strip() == "False False", done.stderr


def test_files_are_small() -> None:
    lengths = sorted(len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES)
    assert lengths[-1] <= 400
    assert lengths[len(lengths) // 2] <= 150


def test_the_wheel_holds_exactly_the_three_packages(tmp_path: Path) -> None:
    build = "from hatchling.build import build_wheel; import sys; print(build_wheel(sys.argv[1]))"
    done = run(sys.executable, "-c", build, str(tmp_path))
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == set(PACKAGES)
    shipped = {path.relative_to(ROOT).as_posix() for path in (ROOT / "answers" / "library").glob("*.md")}
    assert shipped
    assert shipped <= set(names)


def test_no_other_distribution_ships_our_packages() -> None:
    owners = metadata.packages_distributions()
    for package in PACKAGES:
        assert {name.lower() for name in owners.get(package, ["backchat"])} == {"backchat"}
