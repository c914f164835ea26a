"""When two jobs share a result."""

from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.jobs.job import Job, Limits
from bot.jobs.key import content_key

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
REQUESTS = st.dictionaries(st.text(), VALUES, max_size=4)


def key(task: str = "measure", request: dict[str, Any] | None = None, build: str = "sim 1") -> str:
    return content_key(Job(task=task, request=request or {}), build)


def backwards(value: Any) -> Any:
    """Return an equal value with every object's keys in the opposite order."""
    match value:
        case dict():
            fields: dict[str, Any] = value  # pyright: ignore[reportUnknownVariableType]
            return {name: backwards(fields[name]) for name in reversed(fields)}
        case list():
            items: list[Any] = value  # pyright: ignore[reportUnknownVariableType]
            return [backwards(item) for item in items]
        case _:
            return value


@given(REQUESTS)
def test_the_order_of_fields_does_not_matter(request_: dict[str, Any]) -> None:
    assert key(request=request_) == key(request=backwards(request_))


@given(REQUESTS, REQUESTS)
def test_other_requests_have_other_keys(one: dict[str, Any], other: dict[str, Any]) -> None:
    # `repr` tells 1 from 1.0 and True, which Python calls equal and a task may not.
    assert (key(request=one) == key(request=other)) == (repr(sorted_(one)) == repr(sorted_(other)))


def sorted_(value: Any) -> Any:
    match value:
        case dict():
            fields: dict[str, Any] = value  # pyright: ignore[reportUnknownVariableType]
            return {name: sorted_(fields[name]) for name in sorted(fields)}
        case list():
            items: list[Any] = value  # pyright: ignore[reportUnknownVariableType]
            return [sorted_(item) for item in items]
        case _:
            return value


@given(st.text(), st.text(), st.text(), st.text())
def test_task_and_build_count_each_on_its_own(task: str, build: str, other_task: str, other: str) -> None:
    same = (task, build) == (other_task, other)
    assert (key(task, build=build) == key(other_task, build=other)) == same


def test_how_long_it_may_and_will_run_does_not_matter() -> None:
    plain = Job(task="measure", request={"depth": 3})
    other = Job(task="measure", request={"depth": 3}, limits=Limits(wall_seconds=1), seconds=9.0)
    assert content_key(plain, "sim 1") == content_key(other, "sim 1")


def test_any_mapping_is_a_request() -> None:
    request = MappingProxyType({"depth": 3})
    assert content_key(Job(task="measure", request=request), "sim 1") == key(request={"depth": 3})


def test_it_is_the_same_in_every_process_and_version() -> None:
    # If this changes, every cache is silently useless after an update.
    assert key(request={"b": [1.5, None], "a": "ü"}) == (
        "94665c32a5fad428d25580287c67439f48a494163ffc3e6dc70c7517a3889d37"
    )


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_what_no_job_can_be_asked_has_no_key(number: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        key(request={"lr": number})
    with pytest.raises(TypeError, match="not JSON serializable"):
        key(request={"lr": object()})
