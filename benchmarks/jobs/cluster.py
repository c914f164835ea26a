"""A scheduler and workers with certificates on 127.0.0.1, started as docs/cluster.md says."""

import asyncio
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncGenerator, Collection, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from benchmarks.jobs.apart import environment
from bot.errors import ConfigurationError
from bot.jobs.cluster.engine import DaskEngine
from bot.jobs.cluster.security import TlsFiles

_AUTHORITY = (
    *("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
    *("-subj", "/CN=cluster", "-keyout", "authority.key", "-out", "authority.crt"),
)
_JOIN_SECONDS = 60.0
_WORKERS = 2
_END_SECONDS = 5.0


@asynccontextmanager
async def cluster(slots: int, tasks: Collection[str]) -> AsyncGenerator[tuple[DaskEngine, list[int]]]:
    """Start two workers that share the slots; yield an engine that has found them, and their process ids."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        _make_papers(folder)
        address = f"tls://127.0.0.1:{_free_port()}"
        port = address.rpartition(":")[2]
        scheduler = ("scheduler", "--protocol", "tls", "--host", "127.0.0.1", "--port", port)
        await _start(stack, folder, "scheduler", (*scheduler, "--preload", "bot.jobs.cluster.scheduler"))
        worker = ("worker", address, "--nthreads", str(max(1, slots // _WORKERS)), "--no-nanny")
        preload = ("--memory-limit", "0", "--preload", "benchmarks.jobs.worker_preload")
        workers = [await _start(stack, folder, "worker", (*worker, *preload)) for _ in range(_WORKERS)]
        files = TlsFiles(ca=folder / "authority.crt", cert=folder / "bot.crt", key=folder / "bot.key")
        engine = DaskEngine(address, files, tasks=tasks)
        async with asyncio.timeout(_JOIN_SECONDS):
            while True:
                try:
                    await engine.start()
                    break
                except ConfigurationError:  # the scheduler is not there yet
                    await asyncio.sleep(0.5)
            while engine.capacity != slots:  # noqa: ASYNC110  the workers import torch first
                await asyncio.sleep(0.1)
        yield engine, workers


async def _start(stack: AsyncExitStack, folder: Path, name: str, words: Sequence[str]) -> int:
    papers = ("--tls-ca-file", "authority.crt", "--tls-cert", f"{name}.crt", "--tls-key", f"{name}.key")
    command = (sys.executable, "-m", "dask", *words, "--dashboard-address", "127.0.0.1:0", *papers)
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=folder,
        env={**environment(), "TMPDIR": str(folder)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    stack.push_async_callback(_end, process)
    return process.pid


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.terminate()
        try:
            async with asyncio.timeout(_END_SECONDS):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()


def _make_papers(folder: Path) -> None:
    """Make an authority, and a certificate for everyone."""
    umask = os.umask(0o077)
    try:
        _openssl(folder, *_AUTHORITY)
        for name in ("scheduler", "worker", "bot"):
            key = (
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-subj",
                f"/CN={name}",
            )
            _openssl(folder, "req", *key, "-keyout", f"{name}.key", "-out", f"{name}.csr")
            signed = ("-CA", "authority.crt", "-CAkey", "authority.key", "-CAcreateserial")
            _openssl(folder, "x509", "-req", "-in", f"{name}.csr", *signed, "-out", f"{name}.crt")
    finally:
        os.umask(umask)


def _openssl(folder: Path, *words: str) -> None:
    subprocess.run(("openssl", *words), cwd=folder, check=True, capture_output=True)  # noqa: S603, S607  ours


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
