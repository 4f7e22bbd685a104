"""Many requests at once from one process, over connections that stay open: it takes little of what it measures.

A request costs it about a tenth of a millisecond of processor time, which `cpu` in its answer tells: where that is near
the time that it ran, the figure is its own and no longer the server's.
"""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field

Request = Callable[[int], bytes]
"""The next request of a connection, by the connection's number."""


@dataclass
class Loaded:
    """What came back: how long each request took, how many were no 200, how long all of it, processor time of ours."""

    times: list[float] = field(default_factory=list)
    refused: int = 0
    seconds: float = 0.0
    cpu: float = 0.0


class _Connection:
    """One connection with one request under way."""

    def __init__(self, port: int, number: int) -> None:
        self.port, self.number = port, number
        self.received = bytearray()
        self.begun = 0.0
        self.socket = self._open()

    def _open(self) -> socket.socket:
        opened = socket.create_connection(("127.0.0.1", self.port), 10)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return opened

    def send(self, request: bytes) -> None:
        self.received.clear()
        self.begun = time.perf_counter()
        self.socket.sendall(request)

    def is_whole(self) -> bool:
        """Whether the answer is complete."""
        end = self.received.find(b"\r\n\r\n")
        if end < 0:
            return False
        head = bytes(self.received[:end]).lower()
        place = head.find(b"content-length:")
        if place < 0:
            return self.received.endswith(b"0\r\n\r\n")
        length = int(head[place + 15 :].split(b"\r\n", 1)[0])
        return len(self.received) >= end + 4 + length

    def renew(self) -> None:
        """A server closes a connection after some hundred requests; another takes its place."""
        self.socket.close()
        self.socket = self._open()


def request(path: str, host: str, cookies: str = "") -> bytes:
    """The bytes of a GET."""
    cookie = f"Cookie: {cookies}\r\n" if cookies else ""
    return f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept-Encoding: gzip\r\n{cookie}\r\n".encode()


def load(port: int, request: Request, *, at_once: int, seconds: float, into: Loaded) -> None:
    """So many connections, each asking again as soon as it is answered."""
    with selectors.DefaultSelector() as selector:
        connections = [_Connection(port, number) for number in range(at_once)]
        begun, used = time.perf_counter(), time.process_time()
        waiting = set()
        for one in connections:
            selector.register(one.socket, selectors.EVENT_READ, one)
            one.send(request(one.number))
            waiting.add(one)
        while waiting:
            for key, _ in selector.select(10):
                one = key.data
                data = one.socket.recv(262_144)
                one.received += data
                if data and not one.is_whole():
                    continue
                now = time.perf_counter()
                if data:
                    into.times.append(now - one.begun)
                    into.refused += not one.received.startswith(b"HTTP/1.1 200")
                if not data or b"connection: close" in bytes(one.received[:2000]).lower():
                    selector.unregister(one.socket)
                    one.renew()
                    selector.register(one.socket, selectors.EVENT_READ, one)
                if now - begun < seconds:
                    one.send(request(one.number))
                else:
                    waiting.discard(one)
                    selector.unregister(one.socket)
        into.seconds += time.perf_counter() - begun
        into.cpu += time.process_time() - used
        for one in connections:
            one.socket.close()
