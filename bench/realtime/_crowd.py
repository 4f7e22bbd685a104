"""The generator: a process that holds a thousand sockets, acknowledges as a page does, and notes when each was told.

One loop over epoll and nothing else, because it shares two cores with what it measures: a frame costs it about ten
microseconds, which `cpu` in its report tells. Commands come as lines of JSON on its standard input, answers go out the
same way. Moments are `time.monotonic()`, which all processes of a machine share.
"""

from __future__ import annotations

import base64
import io
import json
import os
import random
import resource
import select
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
ACK_EVERY, ACK_SIZE, ACK_LATEST = 4, 16 * 1024, 5.0
AT_ONCE = 40  # handshakes under way
commands = io.FileIO(0)  # what a buffer holds already, epoll does not tell
_known: dict[bytes, tuple[str, str, int, int]] = {}


def parsed(payload: bytes) -> tuple[str, str, int, int]:
    """Kind, stream, first and last position of a frame; the same text said to a thousand sockets is parsed once."""
    found = _known.get(payload)
    if found is None:
        frame = json.loads(payload)
        to = frame.get("to", frame.get("pos", 0))
        if len(_known) > 4000:
            _known.clear()
        found = frame["k"], frame.get("s", ""), frame.get("from", -1), to if isinstance(to, int) else 0
        _known[payload] = found
    return found


class Client:
    """One socket, and where it stands."""

    __slots__ = (
        "acked",
        "cookies",
        "first",
        "heard",
        "name",
        "phase",
        "positions",
        "ready",
        "received",
        "socket",
        "unread",
        "unsaid",
    )

    def __init__(self, name: str, cookies: str, streams: list[str]) -> None:
        self.name, self.cookies = name, cookies
        self.positions: dict[str, int | None] = dict.fromkeys(streams)
        self.heard: list[tuple[float, str, int]] = []
        self.phase = 0
        self.clear()

    def clear(self) -> None:
        self.unread, self.received, self.acked, self.unsaid, self.first, self.ready = b"", 0, 0, 0, 0.0, False

    def open(self, port: int, host: str) -> None:
        self.clear()
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        key = base64.b64encode(random.randbytes(16)).decode()
        lines = ["GET /ws/ HTTP/1.1", f"Host: {host}", "Connection: Upgrade", "Upgrade: websocket",
                 f"Origin: http://{host}", "Sec-WebSocket-Version: 13", f"Sec-WebSocket-Key: {key}"]  # fmt: skip
        if self.cookies:
            lines.append(f"Cookie: {self.cookies}")
        self.socket.sendall("\r\n".join([*lines, "", ""]).encode())
        self.socket.setblocking(False)

    def say(self, **fields: Any) -> None:
        """One frame, under a mask of zeros: as good as any, and nothing to compute."""
        text = json.dumps({"v": 1, **fields}).encode()
        head = bytes([0x81, 0x80 | len(text)]) if len(text) < 126 else b"\x81\xfe" + len(text).to_bytes(2, "big")
        self.socket.send(head + b"\0\0\0\0" + text)


class Crowd:
    def __init__(self, port: int, host: str, clients: list[Client]) -> None:
        self.port, self.host, self.clients = port, host, clients
        self.by_fd: dict[int, Client] = {}
        self.epoll = select.epoll()
        self.closing = list(clients)
        self.epoch, self.gaps, self.lost, self.opening = "", 0, 0, 0
        self.churn, self.churned = 0.0, 0
        self.marked = self.used()

    @staticmethod
    def used() -> float:
        spent = resource.getrusage(resource.RUSAGE_SELF)
        return spent.ru_utime + spent.ru_stime

    def run(self) -> None:
        self.epoll.register(0, select.EPOLLIN)
        checked = time.monotonic()
        while True:
            while self.closing and self.opening < AT_ONCE:
                self.begin(self.closing.pop())
            for fd, _ in self.epoll.poll(0.2):
                if fd:
                    self.hear(self.by_fd[fd])
                elif not self.obey():
                    return
            now = time.monotonic()
            if now - checked >= 0.5:
                self.care(now, now - checked)
                checked = now

    def begin(self, client: Client) -> None:
        client.open(self.port, self.host)
        self.by_fd[client.socket.fileno()] = client
        self.epoll.register(client.socket.fileno(), select.EPOLLIN)
        self.opening += 1

    def end(self, client: Client) -> None:
        fd = client.socket.fileno()
        self.epoll.unregister(fd)
        del self.by_fd[fd]
        client.socket.close()
        self.opening -= not client.ready

    def care(self, now: float, since: float) -> None:
        """Late acknowledgements, and those who leave and come back."""
        for client in self.by_fd.values():
            if client.received != client.acked and now - client.first > ACK_LATEST:
                self.acknowledge(client)
        if self.churn:
            leaving = [client for client in random.sample(self.clients, round(self.churn * since)) if client.ready]
            self.churned += len(leaving)
            for client in leaving:
                self.end(client)
            self.closing += leaving

    def acknowledge(self, client: Client) -> None:
        client.acked, client.phase, client.unsaid = client.received, 0, 0
        client.say(k="ack", n=client.received)

    def hear(self, client: Client) -> None:
        try:
            data = client.socket.recv(262144)
        except BlockingIOError:
            return
        at = time.monotonic()
        if not data:
            self.lost += 1
            self.end(client)
            return
        data = client.unread + data if client.unread else data
        if not client.received and data.startswith(b"HTTP"):
            head, found, data = data.partition(b"\r\n\r\n")
            if found:
                client.say(k="hello", ep=self.epoch, who=client.name, streams=client.positions)
            else:
                data = head
        while len(data) >= 2 and not data.startswith(b"H"):
            size, begin = data[1], 2
            if size == 126:
                size, begin = int.from_bytes(data[2:4], "big"), 4
            elif size == 127:
                size, begin = int.from_bytes(data[2:10], "big"), 10
            if len(data) < begin + size:
                break
            if data[0] == 0x81:
                self.take(client, data[begin : begin + size], at)
            data = data[begin + size :]
        client.unread = data

    def take(self, client: Client, payload: bytes, at: float) -> None:
        kind, stream, since, to = parsed(payload)
        if client.received == client.acked:
            client.first = at
        client.received += 1
        client.unsaid += len(payload)
        if stream in client.positions:
            mine = client.positions[stream]
            if kind == "delta" and (mine is None or since > mine):
                self.gaps += 1
            client.positions[stream] = max(to, mine or 0)
            if client.ready:
                client.heard.append((at, stream, to))
        if kind == "hb" and not client.ready:
            self.epoch = self.epoch or json.loads(payload)["ep"]
            client.ready = True
            client.phase = random.randrange(ACK_EVERY)  # pages were opened at different moments: not all say it at once
            self.opening -= 1
        if client.received - client.acked + client.phase >= ACK_EVERY or client.unsaid >= ACK_SIZE:
            self.acknowledge(client)

    def obey(self) -> bool:
        line = commands.readline()
        if not line:
            return False
        asked = json.loads(line)
        if asked["do"] in ("mark", "forget"):
            for client in self.clients:
                client.heard.clear()
        if asked["do"] == "mark":
            self.marked, self.gaps, self.lost, self.churned = self.used(), 0, 0, 0
        self.churn = asked.get("churn", self.churn)
        stream = asked.get("stream", "")
        answer = {
            "ready": sum(client.ready for client in self.clients), "cpu": self.used() - self.marked,
            "gaps": self.gaps, "lost": self.lost, "churned": self.churned,
            "behind": sum((client.positions.get(stream) or 0) < asked.get("pos", 0) for client in self.clients),
        }  # fmt: skip
        if asked["do"] == "report":
            answer["heard"] = [[(at, to) for at, s, to in client.heard if s == stream] for client in self.clients]
        print(json.dumps(answer), flush=True)
        return True


class Generator:
    """The crowd's process, seen from the bench."""

    def __init__(self, port: int, host: str, people: list[tuple[str, str, list[str]]]) -> None:
        """`people`: for each socket who says hello, its cookies, and the streams that it follows."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bench.realtime._crowd"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={"PATH": os.environ["PATH"], "PYTHONUNBUFFERED": "1"},
        )
        self._say({"port": port, "host": host, "people": people})

    def __enter__(self) -> Generator:
        return self

    def __exit__(self, *_: object) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(10)

    def _say(self, said: dict[str, Any]) -> None:
        assert self.process.stdin
        self.process.stdin.write(json.dumps(said).encode() + b"\n")
        self.process.stdin.flush()

    def ask(self, do: str = "look", **fields: Any) -> dict[str, Any]:
        """Look, `mark` (count anew), `forget` what was heard, or `report` what each socket heard of `stream`."""
        self._say({"do": do, **fields})
        assert self.process.stdout
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer

    def wait(self, key: str, value: int, seconds: float = 60, **fields: Any) -> dict[str, Any]:
        """Look until `key` is `value`, or as long as one waits; the last look."""
        end = time.monotonic() + seconds
        while (look := self.ask(**fields))[key] != value and time.monotonic() < end:
            time.sleep(0.1)
        return look


def main() -> None:
    asked = json.loads(commands.readline())
    Crowd(asked["port"], asked["host"], [Client(*person) for person in asked["people"]]).run()


if __name__ == "__main__":
    main()
