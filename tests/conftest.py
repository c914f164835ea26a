"""What a test run leaves out unless it is asked for, and what its tests share: there are fifteen minutes."""

import logging
import os
from collections.abc import Generator
from functools import cache

import pytest

from answers import catalog
from sim.processors import available

_ON_THE_STORAGE = ("bot/teaching", "bot/inbox", "bot/statistics", "bot/discord")


def pytest_configure() -> None:
    """Read a text once: the shipped answers take half a second, and hundreds of tests load them."""
    catalog.read = cache(catalog.read)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol() -> Generator[None, object, object]:
    """Leave no log handler of a command behind: it would write to what the test captured, which is closed."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        return (yield)
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run on SQLite what builds on the storage; the storage itself is tested on both databases."""
    if os.environ.get("BACKCHAT_TEST_DATABASES") == "all":
        return
    skip = pytest.mark.skip(reason="on SQLite only, unless BACKCHAT_TEST_DATABASES=all")
    for item in items:
        above = any(folder in item.path.as_posix() for folder in _ON_THE_STORAGE)
        if above and "postgresql" in item.name:
            item.add_marker(skip)


def pytest_xdist_auto_num_workers() -> int:
    """Run one more than there are processors: tests of whole bots wait for them most of the time."""
    return available() + 1
