"""Where servers keep their data, and who may use it.

Two things make this more than a path. PostgreSQL and Elasticsearch refuse to run as root, and the user they run as
instead cannot enter a folder below `/root`. And a run that was ended by force leaves its temporary folder behind: the
next run removes it, once no server holds it any more.
"""

import contextlib
import fcntl
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tools.services.server import ServiceError

TEMPORARY = "club-services-"
SYSTEM = Path("/var/lib/club-ecoquartier")
PATIENCE: float = 15
"""Seconds to wait for servers of a run that has just ended to leave its folder."""


def open_to_all(path: Path) -> bool:
    """May any user reach this folder? (Each folder above it can be entered.)"""
    path = path.absolute()
    return all(p.stat().st_mode & stat.S_IXOTH for p in [path, *path.parents] if p.exists())


def cache_root() -> Path:
    """Where downloads are kept: the user's cache, or the system's where root's own folder is closed to others."""
    if given := os.environ.get("XDG_CACHE_HOME"):
        return Path(given) / "club-ecoquartier"
    home = Path.home() / ".cache"
    if os.geteuid() == 0 and not open_to_all(home):
        return Path("/var/cache/club-ecoquartier")
    return home / "club-ecoquartier"


class Lock:
    """An advisory lock on a file, held as long as any process keeps the descriptor.

    Servers inherit it: after our own sudden death the folder stays locked until the last of them is gone.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / "lock"
        self.fd = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)

    def take(self, seconds: float = 0) -> bool:
        end = time.monotonic() + seconds
        while True:
            try:
                fcntl.flock(self.fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= end:
                    return False
                time.sleep(0.1)
            else:
                return True

    def close(self) -> None:
        os.close(self.fd)


@contextlib.contextmanager
def working_folder(state: Path | None) -> Iterator[tuple[Path, Lock]]:
    """The folder the servers of one run work in: kept when it is a state, removed when it is temporary."""
    folder = temporary_folder() if state is None else state_folder(state)
    lock = Lock(folder)
    try:
        if not lock.take(PATIENCE):
            raise ServiceError(
                f"{state} est déjà utilisé par d’autres serveurs : arrêtez-les, ou choisissez un autre dossier."
            )
        yield folder, lock
    finally:
        if state is None:
            shutil.rmtree(folder, ignore_errors=True)
        lock.close()


def temporary_root() -> Path:
    usual = Path(tempfile.gettempdir())
    return Path("/var/tmp") if os.geteuid() == 0 and not open_to_all(usual) else usual


def temporary_folder() -> Path:
    sweep()
    folder = Path(tempfile.mkdtemp(prefix=TEMPORARY, dir=temporary_root()))
    folder.chmod(0o711)  # the servers' users pass through; each sees only its own folder
    return folder


def sweep() -> None:
    """Remove temporary folders of runs that were ended by force."""
    for folder in temporary_root().glob(f"{TEMPORARY}*"):
        with contextlib.suppress(OSError):
            info = folder.lstat()
            old = time.time() - info.st_mtime > 60  # a younger one may not have taken its lock yet
            if not stat.S_ISDIR(info.st_mode) or info.st_uid != os.geteuid() or not old:
                continue
            lock = Lock(folder)
            if lock.take():
                shutil.rmtree(folder, ignore_errors=True)
            lock.close()


def state_folder(state: Path) -> Path:
    """`state` itself, or, for root in a closed folder, one of the system's that `state/services` points to."""
    state.mkdir(parents=True, exist_ok=True)
    link = state.absolute() / "services"
    if link.exists():  # follows the link
        return link.resolve()
    link.unlink(missing_ok=True)
    if os.geteuid() != 0 or open_to_all(state):
        link.mkdir(mode=0o711)
        return link
    SYSTEM.mkdir(mode=0o711, parents=True, exist_ok=True)
    forget_orphans()
    folder = Path(tempfile.mkdtemp(prefix=f"{state.absolute().name}-", dir=SYSTEM))
    folder.chmod(0o711)
    (folder / "belongs-to").write_text(str(link), encoding="utf-8")
    link.symlink_to(folder)
    return folder


def forget_orphans() -> None:
    """Remove the system's folders whose state was removed."""
    for folder in SYSTEM.iterdir():
        with contextlib.suppress(OSError):
            link = Path((folder / "belongs-to").read_text(encoding="utf-8"))
            if not link.is_symlink() or link.resolve() != folder:
                shutil.rmtree(folder, ignore_errors=True)


def own(folder: Path, user: str | None, mode: int = 0o700) -> Path:
    """A folder that belongs to the user a server runs as."""
    folder.mkdir(parents=True, exist_ok=True)
    if user is not None:
        shutil.chown(folder, user)
    folder.chmod(mode)
    return folder
