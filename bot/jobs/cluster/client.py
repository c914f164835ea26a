"""What we use of dask's client, with types: its own are those of the synchronous one."""

from collections.abc import Awaitable, Callable, Generator, Mapping
from typing import Any, Protocol, cast

from distributed import Client, Security

from bot.jobs.cluster.security import TlsFiles

OnEvent = Callable[[tuple[float, Any]], None]
"""Called with the time on the scheduler, and a message."""


class DaskFuture(Protocol):
    """The answer to come; all futures of one key in one client are the same underneath."""

    def result(self) -> Awaitable[bytes]:
        """Wait for it and fetch it."""
        ...

    def release(self) -> None:
        """Want it no longer; what no client wants, the scheduler drops."""
        ...


class DaskScheduler(Protocol):
    """The scheduler's own functions."""

    def identity(self, *, n_workers: int) -> Awaitable[Mapping[str, Any]]:
        """Tell about itself and so many workers, -1 for all."""
        ...


class DaskClient(Protocol):
    """A connection to a scheduler: awaiting it makes it."""

    @property
    def status(self) -> str:
        """`connecting`, `running`, `closing`, `closed`."""
        ...

    @property
    def scheduler(self) -> DaskScheduler:
        """The other end."""
        ...

    def __await__(self) -> Generator[Any, Any, object]: ...

    def submit(
        self, function: Callable[[bytes], bytes], argument: bytes, *, key: str, resources: Mapping[str, int]
    ) -> DaskFuture:
        """Have a worker with these resources call a function, unless the key is there already."""
        ...

    def subscribe_topic(self, topic: str, handler: OnEvent) -> None:
        """Listen to what is published."""
        ...

    def close(self, timeout: float) -> Awaitable[None]:
        """End the connection; afterwards it wants nothing any more."""
        ...


def client_of(scheduler: str, files: TlsFiles | None, *, seconds: float) -> DaskClient:
    """Begin to connect.

    Args:
        scheduler: the address.
        files: for an address at tls://.
        seconds: how long it may take to connect, and to connect again.
    """
    client = Client(
        scheduler,
        security=_security(files),
        asynchronous=True,
        set_as_default=False,
        name="backchat",
        timeout=seconds,
    )
    return cast("DaskClient", client)


def _security(files: TlsFiles | None) -> Security:
    if files is None:
        return Security()
    return Security(
        require_encryption=True,
        tls_ca_file=str(files.ca),
        tls_client_cert=str(files.cert),
        tls_client_key=str(files.key),
    )
