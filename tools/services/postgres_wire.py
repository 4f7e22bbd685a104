"""The few bytes of PostgreSQL's protocol that tell whether it is ready and run one simple query, without a driver."""

import socket
import struct


class PostgresError(Exception):
    """What the server answered instead of a result."""


def query(port: int, user: str, database: str, sql: str = "", seconds: float = 10) -> list[list[str | None]]:
    """Connect on 127.0.0.1 without a password, run one simple query, give its rows as text."""
    with (
        socket.create_connection(("127.0.0.1", port), timeout=seconds) as connection,
        connection.makefile("rb") as answers,
    ):

        def message() -> tuple[bytes, bytes]:
            head = answers.read(5)
            if len(head) < 5:
                raise ConnectionError("closed")
            kind, length = struct.unpack("!cI", head)
            body = answers.read(length - 4)
            if kind == b"E":
                fields = {part[:1]: part[1:].decode() for part in body.split(b"\0") if part}
                raise PostgresError(f"{fields.get(b'C', '')} {fields.get(b'M', '')}".strip())
            return kind, body

        body = struct.pack("!I", 196608) + f"user\0{user}\0database\0{database}\0\0".encode()
        connection.sendall(struct.pack("!I", len(body) + 4) + body)
        while message()[0] != b"Z":
            pass
        rows: list[list[str | None]] = []
        if sql:
            text = sql.encode() + b"\0"
            connection.sendall(b"Q" + struct.pack("!I", len(text) + 4) + text)
            while (answer := message())[0] != b"Z":
                if answer[0] == b"D":
                    rows.append(_row(answer[1]))
        connection.sendall(b"X" + struct.pack("!I", 4))
        return rows


def _row(body: bytes) -> list[str | None]:
    (columns,) = struct.unpack_from("!H", body)
    at, row = 2, list[str | None]()
    for _ in range(columns):
        (length,) = struct.unpack_from("!i", body, at)
        at += 4
        row.append(None if length < 0 else body[at : at + length].decode())
        at += max(length, 0)
    return row
