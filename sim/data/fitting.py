"""Which data set goes with which architecture, and the shape of its examples; without torch."""

from sim.errors import SpecError
from sim.spec import Spec
from sim.vocabulary import RECURRENT

TOKENS = 8
"""How many tokens a transformer reads."""

_BITS = 8
_SIDE = 8  # of the digits, in pixels
_CANCER_FEATURES = 30
_HALF_LARGEST = 65_504.0  # of float16, IEEE 754
_REACH = 13.0  # in standard deviations, no data set has an input beyond: cancer has 12.1

_VECTORS = ("mlp", "logistic")
_SEQUENCES = (*RECURRENT, "transformer")
# data → the architectures it makes sense for, the most usual first
_FITTING = {
    "gaussian": (*_VECTORS, "cnn", *_SEQUENCES),
    "blobs": _VECTORS,
    "spirals": _VECTORS,
    "xor": _VECTORS,
    "parity": (*_VECTORS, *_SEQUENCES),
    "digits": (*_VECTORS, "cnn", *_SEQUENCES),
    "cancer": _VECTORS,
    "recall": _SEQUENCES,
}
_IS = {
    "blobs": "which are points in the plane",
    "spirals": "which are points in the plane",
    "xor": "which are points in the plane",
    "parity": "which are bits in a row",
    "cancer": "which are 30 features without an order",
    "recall": "which are sequences",
}
# architecture → what it needs, and the data set that is nearest to a request that does not fit
_NEEDS = {
    "mlp": ("An MLP needs one vector per example", "parity"),
    "logistic": ("A logistic regression needs one vector per example", "blobs"),
    "cnn": ("A CNN needs images", "digits"),
    "rnn": ("An RNN needs sequences", "recall"),
    "lstm": ("An LSTM needs sequences", "recall"),
    "gru": ("A GRU needs sequences", "recall"),
    "transformer": ("A transformer needs sequences", "recall"),
}
_DIGITS = (178, 182, 177, 183, 181, 182, 181, 179, 174, 180)
_CANCER = (212, 357)


def classes(spec: Spec) -> int:
    """Return how many classes the labels of a spec have; bce and mse tell two apart."""
    return {"digits": 10, "spirals": 3}.get(spec.data, 2) if spec.loss == "ce" else 2


def example_shape(spec: Spec) -> tuple[int, ...]:
    """Return the shape of one example: (unit,), (channel, row, column), or (step or token, feature).

    Only for a spec that passes `require_fitting`.
    """
    if spec.data == "gaussian":
        return (*_steps(spec), spec.width, *((spec.image, spec.image) if spec.arch == "cnn" else ()))
    if spec.data == "parity":
        return (*_steps(spec), 1) if _steps(spec) else (_BITS,)
    if spec.data == "recall":
        return (*_steps(spec), 1 + TOKENS if spec.arch == "transformer" else 1)
    if spec.data == "digits":
        pixels = _SIDE**2
        if spec.arch == "cnn":
            return (1, _SIDE, _SIDE)
        return (*_steps(spec), pixels // _steps(spec)[0]) if _steps(spec) else (pixels,)
    return (_CANCER_FEATURES if spec.data == "cancer" else 2,)


def input_units(spec: Spec) -> int:
    """Return the features of one example, the channels of an image, or the features of one step or token."""
    return example_shape(spec)[1 if spec.arch in _SEQUENCES else 0]


def members(spec: Spec) -> tuple[int, ...] | None:
    """Return how many examples a real data set has of each class of a spec; None if they are made up."""
    if spec.data == "cancer":
        return _CANCER
    if spec.data != "digits":
        return None
    return tuple(sum(_DIGITS[label :: classes(spec)]) for label in range(classes(spec)))


def require_fitting(spec: Spec) -> None:
    """Check that a spec's data set suits its architecture, its batch and its precision.

    Raises:
        SpecError: it does not, with the reason and the nearest that does.
    """
    if spec.arch not in _FITTING[spec.data]:
        need, nearest = _NEEDS[spec.arch]
        arch = _FITTING[spec.data][0]
        msg = f"{need}; got data={spec.data}, {_IS[spec.data]}; use data={nearest}, or arch={arch}."
        raise SpecError(msg)
    if spec.data == "digits":
        _require_digits(spec)
    _require_enough(spec)
    _require_finite(spec)


def _require_digits(spec: Spec) -> None:
    if spec.arch == "cnn" and spec.image != _SIDE:
        msg = f"The digits are images of 8 × 8 pixels; got image={spec.image}; use image=8."
        raise SpecError(msg)
    depths = (_SIDE, _SIDE**2)
    if spec.arch in RECURRENT and spec.depth not in depths:
        msg = f"The digits are 8 rows or 64 pixels in a row; got depth={spec.depth} time steps; "
        nearest = min(depths, key=lambda depth: abs(depth - spec.depth))
        raise SpecError(msg + f"the nearest valid value is {nearest}.")


def _require_enough(spec: Spec) -> None:
    available = members(spec)
    if available is None:
        return
    # Of b examples in K classes, class k gets ⌈(b − k)/K⌉.
    most = min(len(available) * count + label for label, count in enumerate(available))
    if spec.batch > most:
        msg = f"A batch of data={spec.data} has equally many of every class, and the rarest has only "
        raise SpecError(msg + f"{min(available)}; got batch={spec.batch}; the nearest valid value is {most}.")


def _require_finite(spec: Spec) -> None:
    largest = int(_HALF_LARGEST / _REACH)
    if spec.precision == "float16" and spec.input_scale > largest:
        msg = f"float16 ends at 65504, so its inputs have an input_scale of at most {largest}; "
        raise SpecError(
            msg + f"got {spec.input_scale:g}; the nearest valid value is {largest}, or precision=float32."
        )


def _steps(spec: Spec) -> tuple[int, ...]:
    """Return (time steps,) or (tokens,) of a sequence, else ()."""
    if spec.arch in RECURRENT:
        return (spec.depth,)
    return (TOKENS,) if spec.arch == "transformer" else ()
