"""The allow-list: the only functions that a job may run."""

import importlib
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

Report = Callable[[float, str], None]
"""Called by a task with the fraction done and what it is doing."""

Task = Callable[[Mapping[str, Any], Report], tuple[dict[str, Any], dict[str, bytes]]]
"""From a JSON request to a JSON object and named files."""

TASKS: Mapping[str, str] = MappingProxyType(
    {
        "measure": "sim.tasks:measure",
        "measure-all": "sim.tasks:measure_all",
        "papers": "sim.papers.task:reproduce",
        "statistics": "sim.usage:draw",
    }
)
"""A task's name and where it lives, as `module:function`."""


def resolve(name: str, tasks: Mapping[str, str] = TASKS) -> Task:
    """Import a task; only a job's process does this, so that the bot never loads torch.

    Raises:
        LookupError: If the name is not on the allow-list.
    """
    if name not in tasks:
        raise LookupError(f"{name!r} is not one of the tasks {', '.join(sorted(tasks))}")
    module, _, function = tasks[name].partition(":")
    task: Task = getattr(importlib.import_module(module), function)
    return task
