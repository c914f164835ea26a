"""Importing the answers starts nothing heavy."""

import subprocess
import sys

import pytest

MODULES = ("answers.catalog", "answers.matching", "answers.pipeline", "answers.checking", "answers.templates")


@pytest.mark.parametrize("heavy", ["torch", "discord", "matplotlib", "bot"])
def test_importing_answers_never_imports(heavy: str) -> None:
    program = f"import sys, {', '.join(MODULES)}; sys.exit({heavy!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_loading_and_matching_never_import_torch() -> None:
    program = (
        "import sys; from answers.catalog import load; from answers.matching import Matcher;"
        "print(type(Matcher(load()).match('is it a problem of backpropagation itself')).__name__);"
        "sys.exit('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert done.stdout == "Answer\n"
    assert done.stderr == ""
