"""Imported once by the forkserver, so that a job starts in milliseconds; never import it in the bot.

It must only import: an operation that starts torch's threads would hang every process forked afterwards.
"""

import importlib
import os

from bot.jobs.environment import ONE_THREAD

os.environ.update(ONE_THREAD)  # the libraries read it when they are first imported

for _name in (
    "torch",
    "matplotlib.figure",
    "matplotlib.backends.backend_agg",
):
    importlib.import_module(_name)
