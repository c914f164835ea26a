"""What is written at one end of the cluster is read at the other, and nothing else is."""

from collections.abc import Callable

import pytest

from bot.jobs.cluster.code import code_version
from bot.jobs.cluster.crew import Crew, introduce, read_crew
from bot.jobs.cluster.wire import Again, Errand, pack_again, pack_error, pack_result, unpack_answer
from bot.jobs.errors import JobCancelled, JobError, JobFailed, JobTimedOut
from bot.jobs.job import Job, Limits, Result


def test_an_errand_survives_the_trip() -> None:
    limits = Limits(wall_seconds=1.5, memory_mb=2, output_bytes=3)
    errand = Errand(code="abc", job=Job(task="measure", request={"text": "ü \ud800"}, limits=limits))

    assert Errand.unpack(errand.pack()) == errand


@pytest.mark.parametrize("files", [{}, {"a.png": b"\n\x00{}", "größe": b"", "b": b"\n\n"}])
def test_a_result_survives_the_trip(files: dict[str, bytes]) -> None:
    result = Result(data={"x": [1.5, None, "ü\n"]}, files=files)

    assert unpack_answer(pack_result(result)) == result


@pytest.mark.parametrize("error", [JobTimedOut.after(3), JobFailed("KeyError", "KeyError: 'ü'", "a\ntrace")])
def test_an_error_survives_the_trip(error: JobError) -> None:
    with pytest.raises(type(error)) as caught:
        unpack_answer(pack_error(error))

    assert (str(caught.value), caught.value.args, vars(caught.value)) == (str(error), error.args, vars(error))


def test_no_answer_is_another_thing_than_an_error() -> None:
    with pytest.raises(Again, match="it is leaving"):
        unpack_answer(pack_again("it is leaving"))


@pytest.mark.parametrize(
    "answer",
    [
        *(b"", b"{", b"{}\n", b"[]\n", b'"data"\n'),
        b'{"error": "SystemExit", "arguments": []}\n',
        pack_error(JobCancelled("never an answer")),
        pack_result(Result(data={}, files={"a": b"123"}))[:-1],
        pack_result(Result(data={}, files={"a": b"123"})) + b"4",
    ],
)
def test_anything_else_is_no_answer(answer: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 the engine shows nobody its text
        unpack_answer(answer)


def _identity(*workers: dict[str, object]) -> dict[str, object]:
    return {"workers": {f"tls://w{n}": worker for n, worker in enumerate(workers)}}


def _worker(threads: int, code: str, build: str, status: str = "running") -> dict[str, object]:
    return {"status": status, "nthreads": threads, "backchat": introduce(code, build)}


def test_only_workers_that_run_the_same_code_count() -> None:
    bare: dict[str, object] = {"status": "running", "nthreads": 64}
    identity = _identity(_worker(4, "c", "avx2"), _worker(8, "old", "avx2"), bare, _worker(2, "c", "avx2"))

    crew = read_crew(identity, "c")

    assert crew == Crew(slots=6, builds=frozenset({"avx2"}), strangers=frozenset({"tls://w1", "tls://w2"}))
    assert crew.build == "avx2"


def test_a_worker_that_is_leaving_counts_no_more() -> None:
    assert read_crew(_identity(_worker(4, "c", "b", "closing_gracefully")), "c") == Crew()


@pytest.mark.parametrize("order", [1, -1])
def test_a_mixed_crew_names_all_builds_in_one_order(order: int) -> None:
    workers = [_worker(1, "c", "avx512"), _worker(1, "c", "avx2"), _worker(1, "c", "avx2")][::order]

    assert read_crew(_identity(*workers), "c").build == "avx2 | avx512"


def test_the_version_of_the_code_is_short_and_does_not_change(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(_: object) -> Callable[[], bytes]:
        raise AssertionError("read twice")

    version = code_version()
    monkeypatch.setattr("pathlib.Path.read_bytes", nothing)

    assert code_version() == version
    assert len(version) == 16
