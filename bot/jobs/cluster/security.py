"""Who may speak to whom: the certificates of a cluster, checked before anything is connected.

Whoever reaches a scheduler can run code on its workers and in the bot (decision 9), so without certificates
only a scheduler on this very computer is taken.
"""

import ipaddress
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, Self
from urllib.parse import urlsplit

from bot.errors import ConfigurationError

CA = "BACKCHAT_CLUSTER_CA"
CERT = "BACKCHAT_CLUSTER_CERT"
KEY = "BACKCHAT_CLUSTER_KEY"
SCHEDULER = "BACKCHAT_SCHEDULER"


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsFiles:
    """The bot's papers, all in PEM format."""

    ca: Path
    """The certificate of the cluster's own authority, which signed all others."""
    cert: Path
    key: Path

    @classmethod
    def of(cls, *, ca: Path | None, cert: Path | None, key: Path | None) -> Self | None:
        """Take all three files or none.

        Raises:
            ConfigurationError: If only some are given.
        """
        if ca and cert and key:
            return cls(ca=ca, cert=cert, key=key)
        missing = [name for name, path in ((CA, ca), (CERT, cert), (KEY, key)) if path is None]
        if len(missing) < 3:  # noqa: PLR2004 the three files
            raise ConfigurationError(
                f"{CA}, {CERT} and {KEY} go together; {' and '.join(missing)} "
                f"{'is' if len(missing) == 1 else 'are'} missing (docs/cluster.md)."
            )
        return None

    def require_usable(self) -> None:
        """Read the files as TLS will.

        Raises:
            ConfigurationError: If one cannot be read, or they do not belong together.
        """
        for name, path in ((CA, self.ca), (CERT, self.cert), (KEY, self.key)):
            try:
                path.read_bytes()
            except OSError as error:
                raise ConfigurationError(
                    f"{name} names a file that the bot can read; got {path}: {error.strerror}."
                ) from None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        try:
            context.load_verify_locations(self.ca)
        except ssl.SSLError:
            raise ConfigurationError(
                f"{CA} names a certificate in PEM format; got {self.ca}, which is none."
            ) from None
        try:
            context.load_cert_chain(self.cert, self.key, password=_no_passphrase)
        except ssl.SSLError as error:
            raise ConfigurationError(
                f"{CERT} and {KEY} name a certificate and its key in PEM format; "
                f"got {self.cert} and {self.key}, which do not fit ({error.reason or 'not PEM'})."
            ) from None


def require_trusted(scheduler: str, files: TlsFiles | None) -> None:
    """Check an address and the papers for it.

    Raises:
        ConfigurationError: If anybody else could pose as the scheduler, or the address is none.
    """
    scheme, host = _parse(scheduler)
    if scheme == "tls":
        if files is None:
            raise ConfigurationError(
                f"A scheduler at tls:// needs {CA}, {CERT} and {KEY}; got none of them (docs/cluster.md)."
            )
        files.require_usable()
    elif not _is_this_computer(host):
        raise ConfigurationError(
            f"{SCHEDULER} is a tls:// address unless the scheduler runs on this computer, because whoever "
            f"reaches a tcp:// one can run code in the bot; got {scheduler!r} (docs/cluster.md)."
        )


def _parse(scheduler: str) -> tuple[str, str]:
    try:
        parts = urlsplit(scheduler)
        scheme, host, port = parts.scheme, parts.hostname, parts.port
    except ValueError:  # the port is no number
        scheme = host = port = None
    if scheme not in {"tcp", "tls"} or not host or port is None:
        raise ConfigurationError(
            f"{SCHEDULER} is an address like tls://scheduler.example.org:8786; got {scheduler!r}."
        )
    return scheme, host


def _is_this_computer(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _no_passphrase() -> NoReturn:
    """Instead of OpenSSL's question on the terminal."""
    raise ConfigurationError(f"{KEY} names a key without a passphrase; got one with.")
