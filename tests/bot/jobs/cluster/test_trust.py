"""Nobody takes part without a certificate of the cluster's own authority."""

import logging
import socket
import ssl
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from machines import Machines, make_papers, until

from bot.errors import ConfigurationError
from bot.jobs.cluster.security import TlsFiles


@pytest.fixture(scope="session")
def strangers(papers: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another authority, and what it signed."""
    del papers  # it skips where there is no openssl
    return make_papers(tmp_path_factory.mktemp("papers") / "theirs")


async def test_a_bot_of_another_authority_is_turned_away(scheduler: Machines, strangers: Path) -> None:
    from bot.jobs.cluster.engine import DaskEngine  # noqa: PLC0415 the extra may not be installed

    theirs = TlsFiles(ca=strangers / "authority.crt", cert=strangers / "bot.crt", key=strangers / "bot.key")
    engine = DaskEngine(scheduler.address, theirs)
    begun = time.monotonic()
    with pytest.raises(ConfigurationError, match="BACKCHAT_SCHEDULER names a scheduler that lets the bot in"):
        await engine.start()
    await engine.aclose()

    assert time.monotonic() - begun < 15


async def test_a_bot_that_trusts_the_authority_but_has_a_strangers_certificate_is_turned_away(
    scheduler: Machines, papers: Path, strangers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.jobs.cluster.engine import DaskEngine  # noqa: PLC0415

    monkeypatch.setattr("bot.jobs.cluster.link.CONNECT_SECONDS", 2.0)
    mixed = TlsFiles(ca=papers / "authority.crt", cert=strangers / "bot.crt", key=strangers / "bot.key")
    engine = DaskEngine(scheduler.address, mixed)
    with pytest.raises(ConfigurationError):
        await engine.start()
    await engine.aclose()


async def test_a_scheduler_that_is_not_there_is_a_sentence(
    files: TlsFiles, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    pytest.importorskip("distributed", reason="needs the extra cluster")
    from bot.jobs.cluster.engine import DaskEngine  # noqa: PLC0415

    monkeypatch.setattr("bot.jobs.cluster.link.CONNECT_SECONDS", 1.0)
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # and does not listen
        address = f"tls://127.0.0.1:{unused.getsockname()[1]}"
        engine = DaskEngine(address, files)
        with pytest.raises(ConfigurationError) as caught:
            await engine.start()
    await engine.aclose()

    assert str(caught.value).startswith(
        f"BACKCHAT_SCHEDULER names a scheduler that lets the bot in; {address} did"
    )
    assert str(caught.value).endswith("or correct the address or the certificates (docs/cluster.md).")
    assert not [record for record in caplog.records if record.levelno > logging.INFO]


def test_a_client_without_a_certificate_is_turned_away_everywhere(scheduler: Machines, papers: Path) -> None:
    worker = scheduler.start_worker()
    scheduler.until_joined(worker)
    listening = next(line for line in worker.log.splitlines() if "Listening to:" in line)
    try:
        for address in (scheduler.address, listening.split()[-1]):
            assert _is_turned_away(address, papers / "authority.crt"), address
    finally:
        worker.stop()
        scheduler.workers.remove(worker)


def test_a_worker_of_another_authority_never_joins(scheduler: Machines, strangers: Path) -> None:
    assert scheduler.scheduler is not None
    before = scheduler.scheduler.log.count("Register worker")
    worker = scheduler.start_worker(papers=strangers)
    try:
        until(lambda: "TLS handshake failed" in scheduler.scheduler.log or worker.is_down)  # type: ignore[union-attr]
        time.sleep(0.5)
        assert scheduler.scheduler.log.count("Register worker") == before
        assert "Registered to:" not in worker.log
    finally:
        worker.stop()
        scheduler.workers.remove(worker)


def _is_turned_away(address: str, authority: Path) -> bool:
    parts = urlsplit(address)
    context = ssl.create_default_context(cafile=authority)
    context.check_hostname = False
    with socket.create_connection((parts.hostname, parts.port), timeout=5) as raw:
        try:
            with context.wrap_socket(raw) as connection:
                return connection.recv(1) == b""  # with TLS 1.3 the refusal comes after the handshake
        except (ssl.SSLError, ConnectionError):
            return True
