"""Pages and sockets, served by daphne: the whole site on one machine, `/ws/` alone in production."""

import gc
import os

from channels.routing import ProtocolTypeRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "club.settings")


pages = get_asgi_application()

from realtime.socket import socket  # noqa: E402 - needs the applications loaded

application = ProtocolTypeRouter({"http": pages, "websocket": socket})

from club.checks import refuse_unsafe  # noqa: E402 - needs the applications loaded

refuse_unsafe()
gc.collect()
gc.freeze()
# What a thousand sockets have in flight is no garbage: with rounds of 700 new objects, whole collections, each a pause
# for every screen, came every few seconds and found nothing. The last two keep them as frequent as they were where
# sockets come and go, whose objects hold each other and go by a whole collection only.
gc.set_threshold(10_000, 2, 2)
