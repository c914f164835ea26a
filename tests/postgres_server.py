"""A throwaway PostgreSQL server for the tests: one for all workers of a run, gone when the last of them is.

Run as a program it is the server's keeper: it starts the server in a folder, and stops it and deletes the
folder as soon as no process that registered in `users/` is alive, however those ended.
"""

import contextlib
import fcntl
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Sequence
from pathlib import Path

_READY_SECONDS = 60
_POLL_SECONDS = 0.2
_SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60")


class NoPostgres(Exception):
    """There is no PostgreSQL here, or it does not start; the message says why."""


def join(folder: Path) -> str:
    """Start the server in the folder, or use the one that is there; return the folder of its socket."""
    while True:
        folder.mkdir(mode=0o755, exist_ok=True)
        with _alone(folder) as there:
            if not there:
                continue  # its keeper deleted it just now
            if (folder / "failed").exists():
                raise NoPostgres((folder / "failed").read_text())
            (folder / "users").mkdir(exist_ok=True)
            (folder / "users" / str(os.getpid())).touch()
            if not (folder / "ready").exists():
                _start(folder)
            return str(folder)


def leave(folder: Path) -> None:
    (folder / "users" / str(os.getpid())).unlink(missing_ok=True)
    if (folder / "failed").exists():
        shutil.rmtree(folder, ignore_errors=True)


def _start(folder: Path) -> None:
    try:
        bin_ = _programs()
        _as_user([])
    except NoPostgres as error:
        (folder / "failed").write_text(str(error))
        raise
    subprocess.run(
        [sys.executable, __file__, str(folder), str(bin_)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        check=True,
    )
    deadline = time.monotonic() + _READY_SECONDS
    while not (folder / "ready").exists():
        if (folder / "failed").exists() or time.monotonic() > deadline:
            reason = (folder / "failed").read_text() if (folder / "failed").exists() else "it took too long"
            raise NoPostgres(f"PostgreSQL does not start: {reason:.300}")
        time.sleep(_POLL_SECONDS / 4)


def _programs() -> Path:
    """Find the folder of initdb and postgres, which Debian keeps out of the PATH."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    with contextlib.suppress(OSError):
        done = subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True, check=False)  # noqa: S607  wherever it is
        folders.append(Path(done.stdout.strip()))
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise NoPostgres("PostgreSQL is not installed: no initdb in PATH, of pg_config or in /usr/lib/postgresql")


def _as_user(command: Sequence[str]) -> list[str]:
    """PostgreSQL refuses to run as root, so there it runs as the user that its package has made."""
    if os.geteuid() != 0:
        return list(command)
    if not shutil.which("runuser") or "postgres" not in {user.pw_name for user in pwd.getpwall()}:
        raise NoPostgres("PostgreSQL does not run as root, and there is no user postgres")
    return ["runuser", "-u", "postgres", "--", *command]


def _keep(folder: Path, bin_: Path) -> None:
    data = folder / "data"
    data.mkdir(mode=0o700, exist_ok=True)
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        for path in (data, folder):
            os.chown(path, owner.pw_uid, owner.pw_gid)
    made = subprocess.run(
        _as_user(
            [
                str(bin_ / "initdb"),
                *("-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8"),
                *("--no-locale", "--no-sync", "--no-instructions"),
            ]
        ),
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
    )
    if made.returncode:
        raise NoPostgres(made.stderr)
    settings = [word for setting in _SETTINGS for word in ("-c", setting)]
    command = [
        str(bin_ / "postgres"),
        "-D",
        str(data),
        "-k",
        str(folder),
        "-c",
        "listen_addresses=",
        *settings,
    ]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(_as_user(command), stdout=log, stderr=log, cwd="/")
    try:
        while not (folder / ".s.PGSQL.5432").exists():
            if server.poll() is not None:
                raise NoPostgres((folder / "log").read_text())
            time.sleep(_POLL_SECONDS / 4)
        (folder / "ready").touch()
        while server.poll() is None:
            time.sleep(_POLL_SECONDS)
            with _alone(folder):
                if not any(_alive(int(user.name)) for user in (folder / "users").iterdir()):
                    _stop(data, server)
                    shutil.rmtree(folder, ignore_errors=True)
                    return
    finally:
        _stop(data, server)


def _stop(data: Path, server: "subprocess.Popen[bytes]") -> None:
    with contextlib.suppress(OSError, ValueError):
        # SIGQUIT: at once; there is nothing to save.
        os.kill(int((data / "postmaster.pid").read_text().splitlines()[0]), signal.SIGQUIT)
    with contextlib.suppress(subprocess.TimeoutExpired):
        server.wait(timeout=10)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@contextlib.contextmanager
def _alone(folder: Path) -> Generator[bool]:
    """Hold the folder alone; False if it was deleted before that."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield folder.exists() and os.path.samestat(os.fstat(descriptor), folder.stat())
    finally:
        os.close(descriptor)


if __name__ == "__main__":
    if os.fork():
        os._exit(0)  # the caller goes on; the keeper belongs to nobody
    here = Path(sys.argv[1])
    try:
        _keep(here, Path(sys.argv[2]))
    except NoPostgres as error:
        (here / "failed").write_text(str(error))
