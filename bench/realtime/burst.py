"""A burst of 120 changes to 1,000 sockets: when every client stands at the last position.

    python -m bench.realtime.burst [--sockets 1000] [--changes 120] [--times 10]

One writer commits as fast as it can, without a pause. Settled is the last client of all, counted from the last commit
and from the first. The baseline of the same run is the time that those commits took by themselves.
"""

from __future__ import annotations

import argparse
import time

from bench.realtime._crowd import Generator
from bench.realtime._site import TOPIC, at, cpu, host, median, written
from tools.full import Desk, full_stack


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sockets", type=int, default=1000)
    parser.add_argument("--changes", type=int, default=120)
    parser.add_argument("--times", type=int, default=10)
    given = parser.parse_args()
    with full_stack(search=False) as stack, Desk(stack) as desk:
        daphne, settled, whole, written_in = stack.sockets[0], [], [], []
        print(f"{'':10} {'commits, s':>10} {'settled after the last, s':>26} {'after the first':>16} {'frames':>8} "
              f"{'lost':>5} {'server cpu s':>13} {'gener. cpu s':>13}")  # fmt: skip
        for number in range(given.times):
            topic = desk.do(TOPIC)  # a new one each time: a reader of a long topic is sent to fetch its page
            name = f"topic:{topic[0]}"
            with Generator(daphne.port, host(stack), [("", "", [name])] * given.sockets) as g:
                g.wait("ready", given.sockets)
                written(desk, topic, count=2, every=0.25)
                time.sleep(2)
                g.ask("mark")
                used = cpu(daphne.pid)
                told = written(desk, topic, count=given.changes, every=0)
                g.wait("behind", 0, 20, stream=name, pos=told["after"])
                report = g.ask("report", stream=name)
                server = cpu(daphne.pid) - used
            ends = [next((moment for moment, to in one if to >= told["after"]), None) for one in report["heard"]]
            last = max((moment for moment in ends if moment is not None), default=float("nan"))
            first, final = told["commits"][0], told["commits"][-1]
            frames = sum(len(one) for one in report["heard"]) / given.sockets
            settled.append(last - final)
            whole.append(last - first)
            written_in.append(final - first)
            print(f"{number + 1:10} {final - first:10.2f} {last - final:26.3f} {last - first:16.3f} {frames:8.1f} "
                  f"{ends.count(None):5} {server:13.2f} {report['cpu']:13.2f}", flush=True)  # fmt: skip
        print(
            f"{'median':10} {median(written_in) / 1e3:10.2f} {median(settled) / 1e3:26.3f} {median(whole) / 1e3:16.3f}"
        )
        print(f"{'worst':10} {at(written_in, 1) / 1e3:10.2f} {at(settled, 1) / 1e3:26.3f} {at(whole, 1) / 1e3:16.3f}")


if __name__ == "__main__":
    main()
