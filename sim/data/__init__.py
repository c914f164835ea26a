"""The data sets, drawn for every replica from its own stream.

`sim.data.fitting` tells without torch which data set goes with which architecture.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.data.batch import Batch, draw_batch

__all__ = ["Batch", "draw_batch"]


def __getattr__(name: str) -> Any:
    """Load torch when somebody draws, not when somebody asks `sim.data.fitting`."""
    if name not in __all__:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    from sim.data import batch  # noqa: PLC0415  it needs torch

    return getattr(batch, name)
