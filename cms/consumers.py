"""What the editorial site does at dates: scheduled publication and expiry, to the minute."""

from __future__ import annotations

from django.core.management import call_command

from changes.ticks import tick


@tick(every=30)
def publish_scheduled() -> None:
    """Publish and unpublish what is due; each page is a change of its own, with its facts."""
    call_command("publish_scheduled", verbosity=0)
