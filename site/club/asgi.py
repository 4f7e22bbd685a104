"""Pages and sockets, served by daphne: the whole site on one machine, `/ws/` alone in production."""

import gc
import os

from channels.routing import ProtocolTypeRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "club.settings")
application = ProtocolTypeRouter({"http": get_asgi_application()})

from club.checks import refuse_unsafe  # noqa: E402 - needs the applications loaded

refuse_unsafe()
gc.collect()
gc.freeze()
