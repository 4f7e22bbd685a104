"""A place in a lower app's page that a higher app fills: `{% slot "topic.after" topic %}` and `@fills("topic.after")`.

The page declares the place; the higher app registers a provider when it is ready (in its `slots.py`, imported by its
`AppConfig.ready`). A provider only reads, gets what the template hands over and the viewer, and returns safe HTML or
nothing. A place that nobody fills is empty; a provider that fails is logged and leaves its place empty.
"""

from slots.registry import Provider, fills, rendered

__all__ = ["Provider", "fills", "rendered"]
