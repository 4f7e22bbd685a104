"""Processes that do not outlive their parent, and trees of processes that can be ended to the last one."""

import contextlib
import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, Any, NamedTuple

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)  # loaded before any fork: nothing may be loaded in the child


def die_with_parent(sig: int) -> Callable[[], None]:
    """A `preexec_fn`: the kernel sends `sig` to the new process when the thread that started it ends.

    Runs after the change of user (which would clear the setting); it makes one system call and imports nothing.
    """
    parent = os.getpid()

    def in_child() -> None:
        _libc.prctl(_PR_SET_PDEATHSIG, sig, 0, 0, 0)
        if os.getppid() != parent:  # it ended between the fork and the call above
            os._exit(1)

    return in_child


class _Spawner:
    """One thread that starts all servers and lasts as long as this process.

    The kernel's "parent" is a thread, not a process: started from a worker thread of a pool, a server would be ended
    as soon as that pool is done.
    """

    def __init__(self) -> None:
        self._reset()
        os.register_at_fork(after_in_child=self._reset)

    def _reset(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="services")

    def __call__(self, *args: Any, **options: Any) -> subprocess.Popen[bytes]:
        return self._pool.submit(self._popen, *args, **options).result()

    @staticmethod
    def _popen(*args: Any, **options: Any) -> subprocess.Popen[bytes]:
        return subprocess.Popen(*args, **options)


_spawner = _Spawner()


def spawn(
    command: Sequence[str],
    *,
    user: str | None,
    cwd: Path,
    log: IO[bytes],
    env: Mapping[str, str] | None = None,
    death_signal: int = signal.SIGTERM,
    keep: Iterable[int] = (),
) -> subprocess.Popen[bytes]:
    """Start a server in a session of its own: Ctrl-C at the terminal reaches us, and we end it in good order."""
    return _spawner(
        list(command),
        cwd=cwd,
        env=None if env is None else dict(env),
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
        pass_fds=tuple(keep),
        preexec_fn=die_with_parent(death_signal),
        **as_user(user),
    )


def run(command: Sequence[str], *, user: str | None, cwd: Path, log: IO[bytes], seconds: float = 120) -> None:
    """Run a preparing command to its end (`initdb`)."""
    subprocess.run(
        list(command),
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        check=True,
        timeout=seconds,
        preexec_fn=die_with_parent(signal.SIGKILL),
        **as_user(user),
    )


def as_user(user: str | None) -> dict[str, Any]:
    """Options of `Popen` that drop to this user (None: stay who we are)."""
    if user is None:
        return {}
    import pwd

    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}


class Process(NamedTuple):
    """A process named so that a number given again to somebody else is not taken for it."""

    pid: int
    born: int

    @property
    def alive(self) -> bool:
        return _stat(self.pid).get("born") == self.born

    def send(self, sig: int) -> None:
        if self.alive:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, sig)


def _stat(pid: int) -> dict[str, int]:
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return {}
    fields = text.rpartition(")")[2].split()  # the name, in brackets, may hold anything
    # Its first thread may be a zombie while others still hold its files and ports: then it is not gone.
    if fields[0] in "ZX" and int(fields[17]) <= 1:
        return {}
    return {"parent": int(fields[1]), "born": int(fields[19])}


def tree(pid: int) -> list[Process]:
    """This process and all its descendants, as of now, parents first."""
    children: dict[int, list[Process]] = {}
    found: list[Process] = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (stat := _stat(int(entry.name))):
            process = Process(int(entry.name), stat["born"])
            children.setdefault(stat["parent"], []).append(process)
            if process.pid == pid:
                found.append(process)
    for process in found:  # grows while it is read
        found.extend(children.get(process.pid, []))
    return found


def listens(pid: int, port: int) -> bool:
    """Is it this process, or a descendant, that listens on this TCP port?"""
    sockets = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with contextlib.suppress(FileNotFoundError):
            for line in Path(table).read_text().splitlines()[1:]:
                fields = line.split()
                if fields[3] == "0A" and int(fields[1].rpartition(":")[2], 16) == port:
                    sockets.add(f"socket:[{fields[9]}]")
    return bool(sockets) and any(sockets & _open_files(one.pid) for one in tree(pid))


def _open_files(pid: int) -> set[str]:
    found = set()
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        for link in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(FileNotFoundError):
                found.add(str(link.readlink()))
    return found


def wait_gone(processes: Iterable[Process], seconds: float) -> list[Process]:
    """Wait until all are gone; those that are not."""
    left, end = list(processes), time.monotonic() + seconds
    while (left := [p for p in left if p.alive]) and time.monotonic() < end:
        time.sleep(0.02)
    return left


def end(process: subprocess.Popen[bytes], sig: int, seconds: float) -> None:
    """Ask a process to end, wait, then end by force what is left of it and of its descendants."""
    family = tree(process.pid) if process.poll() is None else []
    if family:
        family[0].send(sig)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
        family += [p for p in tree(process.pid) if p not in family]
    kill(family, process, grace=2 if process.poll() is not None else 0)


def kill(family: Iterable[Process], process: subprocess.Popen[bytes] | None = None, grace: float = 0) -> None:
    """`kill -9` for all of them, after a grace for those that are leaving anyway."""
    left = wait_gone(family, grace)
    for one in left:
        one.send(signal.SIGKILL)
    if process is not None:
        process.wait(10)
    wait_gone(left, 10)
