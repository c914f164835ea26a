"""What decides on the last digits of a result: the code, its libraries, and the processor under them.

A cached result is only used again where all of this is the same.  Too much in here costs a computation, too
little shows somebody numbers that their run would not give.
"""

import functools
import hashlib
import os
import platform
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

import sim

_LIBRARIES = ("torch", "numpy", "matplotlib", "pillow", "scikit-learn")
"""What computes, what draws, and whose data sets are read."""

_CPU_FIELDS = frozenset(
    {"vendor_id", "cpu family", "model", "flags"}  # x86
    | {"CPU implementer", "CPU part", "Features"}  # ARM
    | {"cpu", "isa", "uarch"}  # POWER, RISC-V
)
"""The lines of /proc/cpuinfo by which torch, MKL, oneDNN and OpenBLAS choose their kernels."""

_CPU_VARIABLES = (
    *("ATEN_CPU_CAPABILITY", "MKL_CBWR", "MKL_ENABLE_INSTRUCTIONS", "ONEDNN_MAX_CPU_ISA"),
    *("OPENBLAS_CORETYPE", "NPY_DISABLE_CPU_FEATURES"),
)
"""The environment variables that overrule their choice."""


@functools.cache
def local_build() -> str:
    """Describe the jobs of this machine, without importing what they import; computed once per process."""
    return describe(Path(sim.__file__).parent, _cpuinfo(), os.environ)


def describe(code: Path, cpuinfo: str, environment: Mapping[str, str]) -> str:
    """Name everything that decides on the last digits.

    Args:
        code: the folder of the package that jobs run.
        cpuinfo: the processor as /proc/cpuinfo describes it; empty where there is no such file.
        environment: the variables that the jobs see.
    """
    return ", ".join(
        [
            f"sim {_digest(*_contents(code))}",
            *(f"{library} {_version(library)}" for library in _LIBRARIES),
            f"python {platform.python_version()}",
            f"{platform.system()} {_math_library()}".rstrip(),
            "threads 1",  # as `bot.jobs.environment.ONE_THREAD` has it for every job
            f"{platform.machine()} {_digest(*_kernel(cpuinfo, environment))}",
        ]
    )


def _contents(folder: Path) -> list[bytes]:
    """Return every file's name and content, in an order that does not depend on the file system."""
    found: list[bytes] = []
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in sorted(names):
            path = os.path.join(parent, name)  # noqa: PTH118 two hundred Paths would cost as much as reading
            found += [os.fsencode(path[len(str(folder)) :]), _read(path)]
    return found


def _read(path: str) -> bytes:
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123 likewise
        return file.read()


def _kernel(cpuinfo: str, environment: Mapping[str, str]) -> list[bytes]:
    """Return what numerical libraries look at before they choose a kernel."""
    lines = [f"{name}={environment[name]}" for name in _CPU_VARIABLES if name in environment]
    for line in cpuinfo.strip().partition("\n\n")[0].splitlines():  # the other processors are the same
        field, _, value = (part.strip() for part in line.partition(":"))
        if field in _CPU_FIELDS:
            lines.append(f"{field}={' '.join(sorted(value.split()))}")  # the order of flags means nothing
    if not cpuinfo:
        lines.append(platform.processor())
    return [line.encode() for line in sorted(lines)]


def _cpuinfo() -> str:
    try:
        return Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:  # not Linux
        return ""


def _math_library() -> str:
    """Name the C library, whose exp and tanh are Python's; where there is only one, the system says it."""
    try:
        return os.confstr("CS_GNU_LIBC_VERSION") or ""
    except (AttributeError, OSError, ValueError):
        return ""


def _version(library: str) -> str:
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return "missing"


def _digest(*parts: bytes) -> str:
    """Hash byte strings so that moving a byte from one to the next changes the hash."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()[:32]
