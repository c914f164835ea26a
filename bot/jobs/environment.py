"""Environment variables that a job must, and must not, have."""

import os
import re
from collections.abc import Generator
from contextlib import contextmanager
from types import MappingProxyType

ONE_THREAD = MappingProxyType({"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"})
"""One thread per job: more are slower on busy cores, and hang a child when they ran before the fork."""

_SECRET = re.compile(
    r"(^|_)(SECRETS?|KEY|API_?KEY|PASS|PAT|CREDENTIALS?|AUTH|DSN|URL|URI)(_|$)"
    r"|TOKEN|PASSW(OR)?D|PASSPHRASE|SECRET(_|$)|API_?KEY$",
    re.IGNORECASE,
)


def remove_secrets() -> dict[str, str]:
    """Take tokens, secrets, keys and passwords out of this process's environment, and return them."""
    return {name: os.environ.pop(name) for name in list(os.environ) if _SECRET.search(name)}


@contextmanager
def without_secrets() -> Generator[None]:
    """Hide secrets from the processes that are started meanwhile."""
    hidden = remove_secrets()
    try:
        yield
    finally:
        os.environ.update(hidden)
