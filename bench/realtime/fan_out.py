"""1,000 sockets on one topic, four changes a second: from the commit to each client, and to the last.

    python -m bench.realtime.fan_out [--sockets 1000] [--seconds 60]

daphne, Redis and PostgreSQL as in production, the writer and the generator in processes of their own, open loop. In
the same run first the baselines (`bench/realtime/_baseline.py`), then visitors alone, then members who follow their own
stream beside the topic (two views, and a stream for each person).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from bench.realtime._crowd import ROOT, Generator
from bench.realtime._site import MEMBERS, TOPIC, at, busy, cpu, host, latencies, median, rss, share, written
from tools.full import Desk, Stack, full_stack
from tools.services import free_port

EVERY = 0.25
HEAD = (
    f"{'':34} {'to the last client':^21} {'to each client':^28} {'':>6} {'processor, s/s; busy':^25}\n"
    f"{'':34} {'p50 ms':>7} {'p95':>6} {'p99':>6} {'p50 ms':>8} {'p99':>6} {'max':>6} {'':>5} {'lost':>6} "
    f"{'server':>8} {'gener.':>7} {'machine':>8}"
)


def line(title: str, told: list[list[float]], sockets: int, server: float, generator: float, machine: float) -> None:
    last, each = [max(one) for one in told if one], [one for change in told for one in change]
    lost = sockets * len(told) - len(each)
    print(
        f"{title:34} {median(last):7.1f} {at(last, 0.95):6.1f} {at(last, 0.99):6.1f} {median(each):8.1f} "
        f"{at(each, 0.99):6.1f} {at(each, 1):6.1f} {'':>5} {lost:6} {server:8.2f} {generator:7.2f} {machine:8.0%}",
        flush=True,
    )


@contextmanager
def baseline(kind: str, sockets: int) -> Iterator[tuple[int, int]]:
    """Port and process of daphne with the application of the baseline."""
    port = free_port()
    environ = {"PATH": os.environ["PATH"], "BASELINE": kind, "BASELINE_SOCKETS": str(sockets)}
    command = [sys.executable, "-m", "daphne", "-p", str(port), "-v", "0", "bench.realtime._baseline:application"]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=log, stderr=log)
        try:
            for _ in range(100):
                with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=1):
                    break
                time.sleep(0.1)
            yield port, process.pid
        finally:
            process.terminate()
            process.wait(10)


def measure_baseline(kind: str, title: str, sockets: int, seconds: float) -> None:
    with (
        baseline(kind, sockets) as (port, pid),
        Generator(port, f"127.0.0.1:{port}", [("", "", ["bench"])] * sockets) as g,
    ):
        g.wait("ready", sockets)
        time.sleep(3)
        g.ask("mark")
        used, before = cpu(pid), busy()
        time.sleep(seconds)
        time_spent, machine = cpu(pid) - used, share(before)
        report = g.ask("report", stream="bench")
        # A position is the moment of its sending; what was under way at both ends of the time is left out.
        sent: dict[int, list[float]] = {}
        for one in report["heard"]:
            for moment, to in one:
                sent.setdefault(to, []).append(moment - to / 1e6)
        told = [sent[to] for to in sorted(sent)][1:-1]
        line(title, told, sockets, time_spent / seconds, report["cpu"] / seconds, machine)


def measure(
    stack: Stack,
    desk: Desk,
    title: str,
    people: list[tuple[str, str, list[str]]],
    topic: list[int],
    seconds: float,
    view: str,
) -> None:
    daphne = stack.sockets[0]
    empty, begun = rss(daphne.pid), time.monotonic()
    with Generator(daphne.port, host(stack), people) as g:
        g.wait("ready", len(people))
        took, held = time.monotonic() - begun, rss(daphne.pid)
        written(desk, topic, count=8, every=EVERY, view=view)
        time.sleep(3)
        g.ask("mark")
        used, before, started = cpu(daphne.pid), busy(), time.monotonic()
        told = written(desk, topic, count=int(seconds / EVERY), every=EVERY, view=view)
        look = g.wait("behind", 0, 10, stream=f"topic:{topic[0]}", pos=told["after"])
        report, spent = g.ask("report", stream=f"topic:{topic[0]}"), time.monotonic() - started
        machine = share(before)
        found = latencies(told["commits"], told["before"], report["heard"])
        line(title, found, len(people), (cpu(daphne.pid) - used) / spent, report["cpu"] / spent, machine)
        print(
            f"{'':34} all following after {took:.1f} s; {(held - empty) / len(people) / 1024:.1f} KiB a socket, "
            f"{(rss(daphne.pid) - empty) / len(people) / 1024:.1f} after the run; gaps {report['gaps']}, sockets lost "
            f"{report['lost']}, behind at the end {look['behind']}",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sockets", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--only", default="plain,group,visitors,members")
    given = parser.parse_args()
    only = given.only.split(",")
    print(HEAD)
    for kind, title in (("plain", "daphne, a plain loop"), ("group", "daphne, Channels’ group in memory")):
        if kind in only:
            measure_baseline(kind, title, given.sockets, min(20.0, given.seconds))
    if not {"visitors", "members"} & set(only):
        return
    with full_stack(search=False) as stack, Desk(stack) as desk:
        topic = desk.do(TOPIC)
        name = f"topic:{topic[0]}"
        if "visitors" in only:
            visitors = [("", "", [name])] * given.sockets
            measure(stack, desk, "the site, visitors", visitors, topic, given.seconds, "public")
        if "members" in only:
            members = [(key, cookies, [name, key]) for key, cookies in desk.do(MEMBERS, count=given.sockets)]
            measure(stack, desk, "the site, members", members, topic, given.seconds, "members")


if __name__ == "__main__":
    main()
