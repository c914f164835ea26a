"""The way in for the rest of the bot: the only place that loads dask.distributed."""

import importlib.util

from bot.errors import ConfigurationError
from bot.jobs.cluster.security import SCHEDULER, TlsFiles
from bot.jobs.job import Engine


def cluster_engine(scheduler: str, files: TlsFiles | None) -> Engine:
    """Return an engine for the workers of this scheduler, not yet started.

    Raises:
        ConfigurationError: If the address or the files are wrong, or the extra is not installed.
    """
    if importlib.util.find_spec("distributed") is None:
        raise ConfigurationError(
            f"{SCHEDULER} needs the extra cluster; it is not installed; run pip install 'backchat[cluster]'."
        )
    from bot.jobs.cluster.engine import DaskEngine  # noqa: PLC0415 it imports dask.distributed

    return DaskEngine(scheduler, files)
