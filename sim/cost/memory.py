"""How much memory the replicas of a spec need.

The constants were fitted to the peaks of some 700 random specs, and doubled: the peak was between a third of
the estimate and all of it.
"""

import math

from sim.cost.size import Size
from sim.spec import Spec

CHUNK_BYTES = 512 * 2**20
"""How much memory the replicas that are computed together may take."""

PROCESS_BYTES = 60 * 2**20
"""What a job needs besides its replicas: what torch allocates when it is first used."""

_MARGIN = 2.0
# Copies of everything that `Size` counts which live at the peak: (per number, per use of a weight).
_COPIES = {
    "mlp": (4.3, 4.2),
    "cnn": (6.3, 8.0),
    "rnn": (4.6, 1.8),
    "lstm": (2.6, 1.0),
    "gru": (3.3, 1.0),
    "transformer": (23.0, 3.1),
    "logistic": (4.3, 4.2),
}
_PARAMETER, _RULE_STATE = 2.5, 4.1
_JOINED, _NORM, _HIGHWAY, _RESIDUAL = 1.9, 4.9, 5.4, 1.7
_QR = 3.6  # of one layer


def bytes_per_number(spec: Spec) -> int:
    """Return the size of a number; half precisions are drawn, and partly computed, as float32."""
    return 8 if spec.precision == "float64" else 4


def replica_bytes(spec: Spec) -> int:
    """Estimate the memory of one replica that trains: its parameters, activations and their gradients."""
    size = Size.of(spec)
    number, use = _COPIES[spec.arch]
    number += _NORM if spec.norm != "none" else 0.0
    number += {"highway": _HIGHWAY, "residual": _RESIDUAL}.get(spec.skip, 0.0)
    parameter = _PARAMETER + (0.0 if spec.optimizer == "sgd" else _RULE_STATE)
    kept = size.numbers * number + size.uses * use + size.joined * _JOINED + size.parameters * parameter
    if spec.init in {"orthogonal", "lsuv"}:
        kept += _QR * size.largest
    return math.ceil(_MARGIN * bytes_per_number(spec) * (kept + 2 * size.inputs))


def chunks(spec: Spec) -> int:
    """Return in how many chunks the replicas of a spec are computed."""
    return math.ceil(spec.seeds / max(1, int(CHUNK_BYTES // replica_bytes(spec))))


def chunk_bytes(spec: Spec) -> float:
    """Estimate the memory of the largest chunk, or a little more."""
    one = replica_bytes(spec)
    return min(spec.seeds * one, max(one, CHUNK_BYTES))


def run_bytes(spec: Spec) -> float:
    """Estimate the memory of a run that does nothing but pass and train."""
    return PROCESS_BYTES + chunk_bytes(spec)
