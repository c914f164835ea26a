"""How many processors a process may use, in groups of both versions."""

from pathlib import Path

import pytest

from sim import processors

BOUND = 8


@pytest.fixture(autouse=True)
def _bound(monkeypatch: pytest.MonkeyPatch) -> None:
    def bound(_process: int) -> set[int]:
        return set(range(BOUND))

    monkeypatch.setattr(processors.os, "sched_getaffinity", bound, raising=False)


def count(folder: Path, groups: str, files: dict[str, str]) -> int:
    (folder / "groups").write_text(groups, encoding="ascii")
    for name, text in files.items():
        file = folder / "mount" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="ascii")
    return processors.available(folder / "groups", folder / "mount")


@pytest.mark.parametrize(
    ("groups", "files", "expected"),
    [
        ("0::/\n", {}, BOUND),
        ("0::/\n", {"cpu.max": "max 100000\n"}, BOUND),
        ("0::/\n", {"cpu.max": "300000 100000\n"}, 3),
        ("0::/\n", {"cpu.max": "150000 100000\n"}, 1),
        ("0::/\n", {"cpu.max": "50000 100000\n"}, 1),
        ("0::/\n", {"cpu.max": "9900000 100000\n"}, BOUND),
        ("0::/a/b\n", {"a/b/cpu.max": "max 100000\n", "a/cpu.max": "200000 100000\n"}, 2),
        ("0::/a/b\n", {"a/b/cpu.max": "200000 100000\n", "a/cpu.max": "500000 100000\n"}, 2),
        ("0::/gone\n", {"cpu.max": "400000 100000\n"}, 4),
        ("0::/\n", {"cpu.max": "nonsense\n"}, BOUND),
        (
            "4:memory:/a\n1:cpu,cpuacct:/a\n0::/\n",
            {"cpu,cpuacct/a/cpu.cfs_quota_us": "250000\n", "cpu,cpuacct/a/cpu.cfs_period_us": "100000\n"},
            2,
        ),
        ("1:cpu:/\n", {"cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"}, BOUND),
        ("2:cpuset:/\n", {"cpuset/cpu.max": "100000 100000\n"}, BOUND),
    ],
)
def test_the_smallest_quota_above_a_process_counts(
    groups: str, files: dict[str, str], expected: int, tmp_path: Path
) -> None:
    assert count(tmp_path, groups, files) == expected


def test_without_control_groups_the_processors_it_is_bound_to_count(tmp_path: Path) -> None:
    assert processors.available(tmp_path / "none", tmp_path) == BOUND


def test_where_no_process_is_bound_all_processors_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(processors.os, "sched_getaffinity")
    monkeypatch.setattr(processors.os, "cpu_count", lambda: 3)
    assert processors.available(tmp_path / "none", tmp_path) == 3
