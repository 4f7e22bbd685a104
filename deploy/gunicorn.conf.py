"""How gunicorn serves the pages: the same file for run-full, systemd and the container.

`preload_app` is on: the site is loaded once, before the processes are made, and `club.wsgi` then freezes what it made.
The processes share those pages of memory, a new one begins at once, and an unsafe value stops the start with one
sentence instead of processes that die in turn. The price: new code needs a restart (HUP does not read it again), and
nothing may open a connection or a thread while the site is loaded.
"""

import os
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
HERE = os.environ.get("PROMETHEUS_MULTIPROC_DIR", "")


def _forget_the_dead(folder: Path) -> None:
    """Make the folder of figures, and drop the live ones of processes that a power cut left in it.

    Here and not in a hook: with `preload_app` the site, which opens its figures, is loaded before the first hook.
    """
    from prometheus_client import multiprocess

    folder.mkdir(parents=True, exist_ok=True)
    for file in folder.glob("gauge_live*_*.db"):
        pid = file.stem.rpartition("_")[2]
        if pid.isdigit() and not Path(f"/proc/{pid}").exists():
            multiprocess.mark_process_dead(int(pid), str(folder))


if HERE:
    _forget_the_dead(Path(HERE))
# As manage.py does; `pythonpath` would come too late for « gunicorn --check-config ».
sys.path[:0] = [str(ROOT / "site"), str(ROOT)]
wsgi_app = "club.wsgi:application"
chdir = str(ROOT)
bind = os.environ.get("WEB_BIND") or "127.0.0.1:8001"
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
threads = int(os.environ.get("WEB_THREADS") or 4)
worker_class = "gthread"
preload_app = True
# A process that does not even turn is ended after `timeout`; at TERM requests in hand have `graceful_timeout` to end.
timeout = 60
graceful_timeout = 30
keepalive = 5
# Memory that grew is given back from time to time, not by all processes at once.
max_requests = 20_000
max_requests_jitter = 4_000
# A heartbeat must not wait for a disk.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - the folder itself, gunicorn makes its own file in it
loglevel = os.environ.get("WEB_LOG_LEVEL", "warning")
accesslog = None  # nginx has one; the site itself logs refusals and failures


def child_exit(server: Any, worker: Any) -> None:
    """A process that ended no longer counts among the requests in progress."""
    if HERE:
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid, HERE)
