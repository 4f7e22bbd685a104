from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"
    verbose_name = "Notifications et courriels"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from notifications import consumers, invitations, streams, telling  # noqa: F401 - register themselves
