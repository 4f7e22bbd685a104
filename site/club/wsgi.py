"""Pages, served by gunicorn behind nginx."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "club.settings")
application = get_wsgi_application()

from club.checks import refuse_unsafe  # noqa: E402 - needs the applications loaded

refuse_unsafe()

# What start-up made lives for ever: the collector need not walk it (p99 of a page falls from ~100 to ~17 ms).
gc.collect()
gc.freeze()
