"""What a cached result depends on, apart from what was asked."""

import os
import shutil
import subprocess
import sys
import time
from importlib import metadata
from pathlib import Path

import pytest

from bot.jobs.build import describe, local_build

ROOT = Path(__file__).parents[3]

CPUINFO = """processor\t: 0
vendor_id\t: GenuineIntel
model\t\t: 85
cpu MHz\t\t: 2000.1
flags\t\t: fpu avx2 avx512f

processor\t: 1
vendor_id\t: GenuineIntel
model\t\t: 85
cpu MHz\t\t: 3100.7
flags\t\t: fpu avx2 avx512f
"""


@pytest.fixture
def code(tmp_path: Path) -> Path:
    folder = tmp_path / "sim"
    (folder / "data").mkdir(parents=True)
    (folder / "spec.py").write_bytes(b"x = 1\n")
    (folder / "data" / "table.csv").write_bytes(b"1,2\n")
    return folder


def test_a_changed_byte_of_code_or_data_changes_it(code: Path) -> None:
    seen = {describe(code, CPUINFO, {})}
    (code / "spec.py").write_bytes(b"x = 2\n")
    seen.add(describe(code, CPUINFO, {}))
    (code / "data" / "table.csv").write_bytes(b"1,3\n")
    seen.add(describe(code, CPUINFO, {}))
    assert len(seen) == 3


def test_a_renamed_moved_or_new_file_changes_it(code: Path) -> None:
    seen = {describe(code, CPUINFO, {})}
    (code / "spec.py").rename(code / "specs.py")
    seen.add(describe(code, CPUINFO, {}))
    (code / "specs.py").rename(code / "data" / "specs.py")
    seen.add(describe(code, CPUINFO, {}))
    (code / "empty.py").touch()
    seen.add(describe(code, CPUINFO, {}))
    assert len(seen) == 4


def test_a_byte_that_moves_from_one_file_to_the_next_changes_it(code: Path) -> None:
    (code / "a.py").write_bytes(b"12")
    (code / "b.py").write_bytes(b"3")
    before = describe(code, CPUINFO, {})
    (code / "a.py").write_bytes(b"1")
    (code / "b.py").write_bytes(b"23")
    assert describe(code, CPUINFO, {}) != before


def test_compiled_code_and_where_the_folder_lies_do_not_matter(code: Path, tmp_path: Path) -> None:
    before = describe(code, CPUINFO, {})
    (code / "data" / "__pycache__").mkdir()
    (code / "data" / "__pycache__" / "table.cpython-311.pyc").write_bytes(b"compiled")
    assert describe(code, CPUINFO, {}) == before
    assert describe(code.rename(tmp_path / "elsewhere"), CPUINFO, {}) == before


@pytest.mark.parametrize(
    "same",
    [
        CPUINFO.replace("fpu avx2 avx512f", "avx512f fpu avx2"),
        CPUINFO.replace("2000.1", "800.0"),
        CPUINFO.partition("\n\n")[0],
    ],
)
def test_the_order_of_flags_the_clock_and_the_number_of_processors_do_not_matter(
    code: Path, same: str
) -> None:
    assert describe(code, same, {}) == describe(code, CPUINFO, {})


@pytest.mark.parametrize(
    "other",
    [
        CPUINFO.replace(" avx512f", ""),
        CPUINFO.replace("GenuineIntel", "AuthenticAMD"),
        CPUINFO.replace("85", "106"),
        "processor : 0\nFeatures : fp asimd sve\n",
        "processor : 0\nFeatures : fp asimd\n",
        "",
    ],
)
def test_another_processor_changes_it(code: Path, other: str) -> None:
    descriptions = {describe(code, cpuinfo, {}) for cpuinfo in (CPUINFO, other, CPUINFO + "\n")}
    assert len(descriptions) == 2


def test_a_variable_that_overrules_the_choice_of_kernels_changes_it(code: Path) -> None:
    before = describe(code, CPUINFO, {"HOME": "/root"})
    assert before == describe(code, CPUINFO, {})
    assert before != describe(code, CPUINFO, {"ATEN_CPU_CAPABILITY": "default"})


def test_it_names_the_versions(code: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = describe(code, CPUINFO, {})
    for library in ("torch", "numpy", "matplotlib"):
        assert f", {library} {metadata.version(library)}, " in text
    monkeypatch.setattr(metadata, "version", newer)
    assert ", torch 9.9, " in describe(code, CPUINFO, {})


def newer(_library: str) -> str:
    return "9.9"


def test_a_library_that_is_missing_is_no_error(code: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(library: str) -> str:
        raise metadata.PackageNotFoundError(library)

    monkeypatch.setattr(metadata, "version", missing)
    assert ", torch missing, " in describe(code, CPUINFO, {})


def test_an_installed_copy_describes_itself_without_importing_what_jobs_import(tmp_path: Path) -> None:
    for package in ("sim", "bot"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    program = (
        "import sys; from bot.jobs import build; print(build.__file__); print(build.local_build());"
        "print([name for name in ('torch', 'numpy', 'matplotlib', 'multiprocessing') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    file, description, imported = done.stdout.splitlines()
    assert Path(file).is_relative_to(tmp_path)
    assert description == local_build()
    assert imported == "[]"


def test_it_is_quick() -> None:
    def seconds() -> float:
        begin = time.process_time()
        local_build.__wrapped__()
        return time.process_time() - begin

    assert min(seconds() for _ in range(5)) < 0.05  # 7 ms here, where nothing else runs
