"""A scheduler with two workers for example tasks, and the bot's engine for them."""

import shutil
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from machines import SLOTS, Machines, eventually, make_papers

from bot.jobs.cluster.security import TlsFiles

if TYPE_CHECKING:
    from bot.jobs.cluster.engine import DaskEngine

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("openssl") is None:
        pytest.skip("needs the command openssl, which makes certificates")
    return make_papers(tmp_path_factory.mktemp("papers") / "ours")


@pytest.fixture(scope="session")
def files(papers: Path) -> TlsFiles:
    return TlsFiles(ca=papers / "authority.crt", cert=papers / "bot.crt", key=papers / "bot.key")


@pytest.fixture(scope="module")
def scheduler(papers: Path, tmp_path_factory: pytest.TempPathFactory) -> Generator[Machines]:
    """A scheduler without workers."""
    pytest.importorskip("distributed", reason="needs the extra cluster")
    machines = Machines(tmp_path_factory.mktemp("logs"), papers, "preload_examples", [HERE, HERE.parent])
    try:
        machines.start_scheduler()
        yield machines
    finally:
        machines.stop()


@pytest.fixture(scope="module")
def machines(scheduler: Machines) -> Machines:
    """A scheduler with two workers."""
    for _ in range(2):
        scheduler.start_worker()
    scheduler.until_joined()
    return scheduler


@pytest.fixture
async def new_engine(
    machines: Machines, files: TlsFiles
) -> AsyncGenerator[Callable[[], Awaitable["DaskEngine"]]]:
    """Make an engine that has found all workers."""
    from bot.jobs.cluster.engine import DaskEngine  # noqa: PLC0415 the extra may not be installed

    engines: list[DaskEngine] = []

    async def make() -> DaskEngine:
        engine = DaskEngine(machines.address, files, tasks=_tasks())
        engines.append(engine)
        await engine.start()
        await eventually(lambda: engine.capacity == SLOTS * len(machines.workers))
        return engine

    yield make
    for engine in engines:
        await engine.aclose()


@pytest.fixture
async def engine(new_engine: Callable[[], Awaitable["DaskEngine"]]) -> "DaskEngine":
    return await new_engine()


def _tasks() -> set[str]:
    sources = [HERE.parent / "example_tasks.py", HERE / "cluster_tasks.py"]
    lines = [line for source in sources for line in source.read_text(encoding="utf-8").splitlines()]
    return {line[4:].split("(")[0] for line in lines if line.startswith("def ")} | {"not_there", "os:getpid"}
