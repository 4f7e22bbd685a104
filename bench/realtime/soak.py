"""Memory: what 1,000 sockets take, and whether it stays flat while people write, leave and come back.

    python -m bench.realtime.soak [--minutes 2] [--sockets 1000] [--churn 5]

One change a second, `--churn` sockets a second that leave without a word and come back from where they stood. The
baseline of the same run is the server before the first socket. Resident memory of daphne, page servers and worker.
"""

from __future__ import annotations

import argparse
import time

from bench.realtime._crowd import Generator
from bench.realtime._site import TOPIC, cpu, host, rss, written
from tools.full import Desk, full_stack

STEP = 30  # seconds from one line to the next


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=2)
    parser.add_argument("--sockets", type=int, default=1000)
    parser.add_argument("--churn", type=float, default=5)
    given = parser.parse_args()
    with full_stack(search=False) as stack, Desk(stack) as desk:
        topic = desk.do(TOPIC)
        name, daphne, worker = f"topic:{topic[0]}", stack.sockets[0], stack.worker
        people = [("", "", [name])] * given.sockets
        with Generator(daphne.port, host(stack), people[:20]) as g:  # the first sockets load what all share
            g.wait("ready", 20)
            written(desk, topic, count=4, every=0.25)
        time.sleep(2)
        empty, begun = rss(daphne.pid), time.monotonic()
        print(f"daphne without sockets {empty / 2**20:.1f} MiB")
        with Generator(daphne.port, host(stack), people) as g:
            g.wait("ready", given.sockets)
            held = rss(daphne.pid)
            each = (held - empty) / given.sockets / 1024
            print(f"with {given.sockets} sockets {held / 2**20:.1f} MiB: {each:.1f} KiB a socket\n")
            print(f"{'minute':>7} {'daphne MiB':>11} {'KiB a socket':>13} {'worker MiB':>11} {'changes':>8} "
                  f"{'left':>6} {'open':>5} {'behind':>7} {'gaps':>5} {'server cpu':>11} {'gener.':>7}")  # fmt: skip
            g.ask("mark", churn=given.churn)
            changes, started, used, spent = 0, time.monotonic(), cpu(daphne.pid), 0.0
            while (done := time.monotonic() - started) < given.minutes * 60:
                told = written(desk, topic, count=STEP, every=1.0)
                changes += STEP
                time.sleep(0.5)
                look, now, took = (
                    g.ask(stream=name, pos=told["after"]),
                    rss(daphne.pid),
                    time.monotonic() - started - done,
                )
                print(f"{(time.monotonic() - started) / 60:7.1f} {now / 2**20:11.1f} "
                      f"{(now - empty) / given.sockets / 1024:13.1f} {rss(worker.pid) / 2**20:11.1f} {changes:8} "
                      f"{look['churned']:6} {look['ready']:5} {look['behind']:7} {look['gaps']:5} "
                      f"{(cpu(daphne.pid) - used) / took:11.2f} {(look['cpu'] - spent) / took:7.2f}",
                      flush=True)  # fmt: skip
                used, spent = cpu(daphne.pid), look["cpu"]
                g.ask("forget")
            g.ask(churn=0)
            look = g.wait("behind", 0, 20, stream=name, pos=told["after"])
            print(
                f"\nat the end {look['ready']} open, {look['behind']} behind; {time.monotonic() - begun:.0f} s in all"
            )


if __name__ == "__main__":
    main()
