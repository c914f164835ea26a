"""What a bot accepts as a scheduler's address and as its own papers."""

import subprocess
from pathlib import Path

import pytest

from bot.errors import ConfigurationError
from bot.jobs.cluster.security import TlsFiles, require_trusted


def _refusal(scheduler: str, files: TlsFiles | None = None) -> str:
    with pytest.raises(ConfigurationError) as caught:
        require_trusted(scheduler, files)
    return str(caught.value)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "127.8.9.10"])
def test_this_computer_needs_no_papers(host: str) -> None:
    require_trusted(f"tcp://{host}:8786", None)


@pytest.mark.parametrize("host", ["10.0.0.3", "scheduler", "localhost.example.org", "[fe80::1]", "0.0.0.0"])  # noqa: S104
def test_another_computer_needs_tls(host: str) -> None:
    assert _refusal(f"tcp://{host}:8786") == (
        "BACKCHAT_SCHEDULER is a tls:// address unless the scheduler runs on this computer, because whoever "
        f"reaches a tcp:// one can run code in the bot; got 'tcp://{host}:8786' (docs/cluster.md)."
    )


@pytest.mark.parametrize(
    "address",
    ["", "scheduler", "scheduler:8786", "tls://scheduler", "tls://:8786", "http://a:1", "tls://a:b"],
)
def test_what_is_no_address_is_named(address: str) -> None:
    assert _refusal(address) == (
        f"BACKCHAT_SCHEDULER is an address like tls://scheduler.example.org:8786; got {address!r}."
    )


def test_tls_needs_papers() -> None:
    assert _refusal("tls://scheduler:8786") == (
        "A scheduler at tls:// needs BACKCHAT_CLUSTER_CA, BACKCHAT_CLUSTER_CERT and BACKCHAT_CLUSTER_KEY; "
        "got none of them (docs/cluster.md)."
    )


def test_all_three_files_or_none() -> None:
    path = Path("file")
    assert TlsFiles.of(ca=None, cert=None, key=None) is None
    assert TlsFiles.of(ca=path, cert=path, key=path) == TlsFiles(ca=path, cert=path, key=path)
    with pytest.raises(ConfigurationError, match="go together; BACKCHAT_CLUSTER_KEY is missing"):
        TlsFiles.of(ca=path, cert=path, key=None)
    with pytest.raises(
        ConfigurationError, match="; BACKCHAT_CLUSTER_CA and BACKCHAT_CLUSTER_KEY are missing"
    ):
        TlsFiles.of(ca=None, cert=path, key=None)


def test_papers_in_order_are_taken(files: TlsFiles) -> None:
    require_trusted("tls://scheduler:8786", files)


@pytest.mark.parametrize("name", ["ca", "cert", "key"])
def test_a_file_that_is_not_there_is_named(files: TlsFiles, tmp_path: Path, name: str) -> None:
    paths = {"ca": files.ca, "cert": files.cert, "key": files.key, name: tmp_path / "none"}

    assert _refusal("tls://scheduler:8786", TlsFiles(**paths)) == (
        f"BACKCHAT_CLUSTER_{name.upper()} names a file that the bot can read; "
        f"got {tmp_path / 'none'}: No such file or directory."
    )


def test_an_authority_that_is_no_certificate_is_named(files: TlsFiles, tmp_path: Path) -> None:
    junk = tmp_path / "authority.crt"
    junk.write_text("not a certificate", encoding="utf-8")

    assert _refusal("tls://scheduler:8786", TlsFiles(ca=junk, cert=files.cert, key=files.key)) == (
        f"BACKCHAT_CLUSTER_CA names a certificate in PEM format; got {junk}, which is none."
    )


def test_a_key_of_another_certificate_is_named(files: TlsFiles, papers: Path) -> None:
    sentence = _refusal(
        "tls://scheduler:8786", TlsFiles(ca=files.ca, cert=files.cert, key=papers / "worker.key")
    )

    assert "which do not fit (KEY_VALUES_MISMATCH)" in sentence


def test_a_key_with_a_passphrase_is_refused_without_a_question(files: TlsFiles, tmp_path: Path) -> None:
    locked = tmp_path / "locked.key"
    command = [
        "openssl",
        "ec",
        "-aes256",
        "-passout",
        "pass:secret",
        "-in",
        str(files.key),
        "-out",
        str(locked),
    ]
    subprocess.run(command, check=True, capture_output=True)

    assert _refusal("tls://scheduler:8786", TlsFiles(ca=files.ca, cert=files.cert, key=locked)) == (
        "BACKCHAT_CLUSTER_KEY names a key without a passphrase; got one with."
    )
