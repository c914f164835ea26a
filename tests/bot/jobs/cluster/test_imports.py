"""Who imports what: dask only where a scheduler is configured, torch never."""

import json
import subprocess
import sys

import pytest


def _loaded_by(statement: str) -> set[str]:
    """Return the top-level modules that a fresh interpreter holds after a statement."""
    program = f"{statement}\nimport json, sys\nprint(json.dumps(list(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return {name.split(".")[0] for name in json.loads(ran.stdout)}


def test_a_bot_without_a_cluster_does_not_import_dask() -> None:
    loaded = _loaded_by("import bot.cli.run, bot.service, bot.jobs.cluster.open, bot.jobs.cluster.security")

    assert not loaded & {"dask", "distributed", "torch"}


def test_neither_end_of_the_cluster_imports_torch_or_matplotlib() -> None:
    pytest.importorskip("distributed", reason="needs the extra cluster")
    loaded = _loaded_by("import bot.jobs.cluster.engine, bot.jobs.cluster.worker, bot.jobs.cluster.scheduler")

    assert "distributed" in loaded
    assert not loaded & {"torch", "matplotlib"}


def test_the_engine_leaves_what_dask_logs_to_the_bot() -> None:
    pytest.importorskip("distributed", reason="needs the extra cluster")
    program = (
        "import logging; from bot.jobs.cluster.engine import DaskEngine; DaskEngine('tcp://127.0.0.1:1');"
        "logging.basicConfig(format='ours %(message)s', level='INFO');"
        "loggers = [logging.getLogger(name) for name in ('distributed', 'distributed.client')];"
        "[logger.info('talk') or logger.error(logger.name) for logger in loggers]"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert (ran.stdout, ran.stderr) == ("", "ours distributed\nours distributed.client\n")


def test_without_the_extra_there_is_a_sentence() -> None:
    program = (
        "import sys; sys.modules['distributed'] = None\n"
        "from bot.jobs.cluster.open import cluster_engine\n"
        "from bot.errors import ConfigurationError\n"
        "try: cluster_engine('tcp://127.0.0.1:8786', None)\n"
        "except ConfigurationError as error: print(error)"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert ran.stdout == (
        "BACKCHAT_SCHEDULER needs the extra cluster; it is not installed; "
        "run pip install 'backchat[cluster]'.\n"
    )
