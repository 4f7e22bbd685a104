"""Facts, jobs and mail: what happens after the commit."""

from club.settings.environment import DEVELOPMENT, STATE, env

# Which consumer takes which facts (patterns). One row per consumer is written; workers take them.
FACT_CONSUMERS = {
    "jobs": ["job.*"],
    "links": ["page.walk"],
    "mail": ["mail.*"],
    "reactions": [
        *("page.restricted", "page.moved", "page.published", "page.unpublished", "page.discussed"),
        *("forum.topic_changed", "forum.space_changed"),
    ],
    "search": [
        "forum.post",
        "forum.post_changed",
        "forum.topic_changed",
        "forum.space_changed",
        "meeting.changed",
        "members.person_changed",
        "page.published",
        "page.unpublished",
        "page.moved",
        "page.deleted",
        "projects.imported",
    ],
    "sections": ["members.writers", "page.published"],
    "tell": [
        "forum.post",
        "forum.accepted",
        "forum.acceptance_lost",
        "forum.closed",
        "forum.hidden",
        "forum.reported",
        "forum.report_decided",
        "meeting.registered",
        "meeting.waiting",
        "meeting.promoted",
        "meeting.moved",
        "meeting.cancelled",
        "meeting.released",
        "meeting.announced",
        "meeting.soon",
        "page.review",
        "page.refused",
        "page.accepted",
        "page.commented",
        "page.held",
        "page.waits",
    ],
}
# Facts that may be recorded while nobody takes them: files are not searched yet.
FACTS_ANNOUNCED = {"image.saved", "image.deleted", "document.saved", "document.deleted"}
FACT_LEASE_SECONDS = 60
FACT_ATTEMPTS = 10
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}

EMAIL_BACKEND = "notifications.backend.QueueBackend"
# Where the worker delivers: an SMTP server in production, a folder that a local page shows in development.
EMAIL_URL = env.str("EMAIL_URL", default="mailbox://" if DEVELOPMENT else "")
MAILBOX = STATE / "mails"
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Club National EcoQuartier <club@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_TIMEOUT = 10

# The demo: invented people, a known password. Refused in production.
DEMO_PASSWORD = "un-quartier-pour-tous"  # noqa: S105 - printed on screen, exists in development only
