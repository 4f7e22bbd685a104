"""Pages and sockets, served by daphne: the whole site on one machine, `/ws/` alone in production."""

import gc
import os
from typing import Any

from channels.routing import ProtocolTypeRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "club.settings")


async def no_socket(scope: Any, receive: Any, send: Any) -> None:
    """Refuse a socket that nothing serves: 403, not an error of ours."""
    await receive()
    await send({"type": "websocket.close"})


application = ProtocolTypeRouter({"http": get_asgi_application(), "websocket": no_socket})

from club.checks import refuse_unsafe  # noqa: E402 - needs the applications loaded

refuse_unsafe()
gc.collect()
gc.freeze()
