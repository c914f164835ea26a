"""The name under which a job's result is kept."""

import hashlib
import json

from bot.jobs.job import Job


def content_key(job: Job, build: str) -> str:
    """Return the same key for jobs with the same result, and for no others.

    How long a job may run, and is expected to, is not in the key: it decides whether there is a result.

    Args:
        job: what to run.
        build: what decides on the last digits where it runs, see `bot.jobs.build`.

    Raises:
        TypeError: the request holds something that JSON cannot.
        ValueError: it holds a number that JSON cannot: infinite, or not a number.
    """
    fields = {"task": job.task, "request": dict(job.request), "build": build}
    canonical = json.dumps(fields, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()
