from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"
    verbose_name = "Notifications et courriels"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from notifications import (  # noqa: F401 - register themselves
            announcements,
            bell,
            consumers,
            invitations,
            meeting_mails,
            notices,
            replies,
            reviews,
            streams,
            telling,
        )
