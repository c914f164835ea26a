"""Makes a dask worker one that runs example tasks, as `bot.jobs.cluster.worker` makes one for real tasks."""

from importlib.util import find_spec
from pathlib import Path

from distributed import Worker

from bot.jobs.cluster.worker import set_up


def example_tasks() -> dict[str, str]:
    """List every function of both modules, without importing them."""
    tasks: dict[str, str] = {}
    for module in ("example_tasks", "cluster_tasks"):
        spec = find_spec(module)
        assert spec is not None
        assert spec.origin is not None
        source = Path(spec.origin).read_text(encoding="utf-8")
        names = [line[4:].split("(")[0] for line in source.splitlines() if line.startswith("def ")]
        tasks |= {name: f"{module}:{name}" for name in names}
    return tasks


async def dask_setup(worker: Worker) -> None:
    await set_up(worker, tasks=example_tasks(), preload=["bot.jobs.child"])
