"""A program that runs one job and prints JSON, as `backchat` would; on purpose without a `__main__` guard."""

import asyncio
import json
import os
import sys
from typing import Any

from bot.jobs.job import Job
from bot.jobs.local import PRELOAD, LocalEngine

task, request, preload = sys.argv[1:]


async def run() -> dict[str, Any]:
    modules = PRELOAD if preload == "default" else preload.split(",")
    engine = LocalEngine(tasks={task: f"example_tasks:{task}"}, preload=modules)
    try:
        await engine.start()
        result = await engine.run(Job(task=task, request=json.loads(request)), lambda _: None)
    finally:
        await engine.aclose()
    return dict(result.data)


try:
    answer = asyncio.run(run())
except KeyboardInterrupt:
    sys.exit(130)
about_itself = {"torch": "torch" in sys.modules, "token": os.environ.get("DISCORD_TOKEN")}
print(json.dumps({"answer": answer, **about_itself}))  # noqa: T201
