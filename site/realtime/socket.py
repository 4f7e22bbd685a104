"""`/ws/`: the socket. It reads only: writes are HTTP, with their rights, limits and operation ids.

Accepts first and asks afterwards: a handshake that waits for the database ends in a storm of retries (channels #1880).
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections import deque
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.db import DatabaseError
from django.http.request import split_domain_port, validate_host

from realtime.connection import Connection
from realtime.frames import VERSION, Code
from realtime.hub import Hub, hub_of_loop

log = structlog.get_logger(__name__)
MESSAGE_LIMIT = 16 * 1024
STREAMS_LIMIT = 50
HELLO_SECONDS = 10
HELLOS_A_MINUTE = 60  # each costs reads: a page says a few, its tabs some more
# What `/flux/` takes too: no zero byte and no half character reaches the database, which knows neither.
_name = re.compile(r"[a-z]+:[A-Za-z0-9_.-]{1,60}")


class ProtocolError(Exception):
    """The client said something that this protocol does not know."""


async def socket(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Serve one socket until it ends (an ASGI application for the type `websocket`)."""
    headers = {name.decode("latin1").lower(): value.decode("latin1") for name, value in scope["headers"]}
    await receive()  # websocket.connect
    if scope.get("path") != "/ws/" or not same_origin(scope, headers):
        await send({"type": "websocket.close"})
        return
    await send({"type": "websocket.accept"})
    hub = hub_of_loop()
    one = Connection(send, cookies_of(headers.get("cookie", "")), asyncio.current_task())
    try:
        await _converse(hub, one, receive)
    except ProtocolError as error:
        log.warning("socket refused", why=str(error))
        await one.close(hub.epoch, Code.PROTOCOL, "Cette page ne parle pas la langue du site : rechargez-la.")
    except DatabaseError as error:
        log.warning("database away", error=type(error).__name__)
        await one.close(hub.epoch, Code.RESTART, "Le site ne répond pas pour l’instant.")
    finally:
        hub.leave(one)


async def _converse(hub: Hub, one: Connection, receive: Any) -> None:
    if (code := await hub.join(one)) is not None:
        await one.close(hub.epoch, code, "Trop de pages ouvertes." if code == Code.TOO_MANY else "Le site redémarre.")
        return
    try:
        message = await asyncio.wait_for(receive(), HELLO_SECONDS)
    except TimeoutError:
        await one.close(hub.epoch, Code.TOO_SLOW, "Cette page n’a rien demandé.")
        return
    hellos: deque[float] = deque(maxlen=HELLOS_A_MINUTE)
    while message["type"] == "websocket.receive":
        said = _parsed(message)
        if said["k"] == "hello":
            now = time.monotonic()
            if len(hellos) == HELLOS_A_MINUTE and now - hellos[0] < 60:
                await one.close(hub.epoch, Code.TOO_MANY, "Trop de demandes en une minute.")
                return
            hellos.append(now)
            if not await _hello(hub, one, said):
                return
        elif said["k"] == "ack":
            received = said.get("n")
            if not isinstance(received, int) or not one.acknowledge(received):
                raise ProtocolError("an acknowledgement that cannot be")
            await hub.acknowledged(one)
        else:
            raise ProtocolError("an unknown frame")
        if one.closed:
            return
        message = await receive()


async def _hello(hub: Hub, one: Connection, said: dict[str, Any]) -> bool:
    """Follow what the client asks for; False where the socket was closed instead."""
    if said.get("rel") not in (None, settings.RELEASE):
        await one.close(hub.epoch, Code.RELOAD, "Une nouvelle version du site est en ligne.")
        return False
    who = said.get("who", one.looker.key)
    if who != one.looker.key:
        why = "Votre session a expiré : reconnectez-vous."
        if one.looker.key:
            other = "avec un autre compte" if who else "entre-temps"
            why = f"Vous vous êtes connecté {other} : rechargez cette page."
        await one.close(hub.epoch, Code.LOGIN_EXPIRED, why)
        return False
    streams = said.get("streams")
    if not isinstance(streams, dict) or len(streams) > STREAMS_LIMIT:
        raise ProtocolError("streams missing, or too many")
    same_past = said.get("ep") == hub.epoch
    wanted: dict[str, int | None] = {}
    for stream, since in streams.items():
        if not (isinstance(since, int) or since is None) or isinstance(since, bool):
            raise ProtocolError("a position that is none")
        if not _name.fullmatch(stream):
            raise ProtocolError("a stream that cannot be")
        wanted[stream] = since if same_past else None
    browser = said.get("b")
    if isinstance(browser, str) and 8 <= len(browser) <= 64:
        await hub.take_over(one, browser)
    await hub.follow(one, wanted)
    return True


def _parsed(message: dict[str, Any]) -> dict[str, Any]:
    text = message.get("text") or ""
    if len(text) > MESSAGE_LIMIT:
        raise ProtocolError("a message beyond the limit")
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):  # a nest of fifteen thousand brackets is no message either
        raise ProtocolError("no JSON") from None
    if not isinstance(said, dict) or said.get("v") != VERSION or not isinstance(said.get("k"), str):
        raise ProtocolError("another version of the protocol")
    return said


def cookies_of(header: str) -> dict[str, str]:
    """The cookies of a handshake."""
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(header).items()}
    except CookieError:
        return {}


def same_origin(scope: dict[str, Any], headers: dict[str, str]) -> bool:
    """Whether the handshake comes from a page of this site: scheme, host and port (Channels compares the host alone).

    Browsers always say where a page is from; without an Origin it is no browser, which has no cookies of anybody.
    """
    host = headers.get("host", "")
    domain, _ = split_domain_port(host)
    allowed = settings.ALLOWED_HOSTS or [".localhost", "127.0.0.1", "[::1]"]
    if not domain or not validate_host(domain, allowed):
        return False
    origin = headers.get("origin")
    if origin is None:
        return True
    scheme = "https" if scope.get("scheme") == "wss" else "http"
    if settings.TRUSTED_PROXIES and headers.get("x-forwarded-proto"):
        scheme = headers["x-forwarded-proto"]
    parts = urlsplit(origin)
    return f"{parts.scheme}://{parts.netloc}" in (f"{scheme}://{host}", settings.SITE_URL)
