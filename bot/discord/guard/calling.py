"""The one exception from calling nobody: who asks a human calls the role of those who help."""

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

_ROLES: ContextVar[Sequence[int]] = ContextVar("roles that may be called", default=())


@contextmanager
def calling(roles: Sequence[int]) -> Generator[None]:
    """Let what is sent meanwhile, in this task, call these roles and nobody else."""
    token = _ROLES.set(tuple(roles))
    try:
        yield
    finally:
        _ROLES.reset(token)


def called() -> Mapping[str, Any]:
    """Return whom a message may call now."""
    roles = [str(id_) for id_ in _ROLES.get()]
    return {"parse": [], "roles": roles} if roles else {"parse": []}
