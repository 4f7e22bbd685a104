from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "meetings"
    verbose_name = "Rencontres"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make its dates and the readers of its documents known."""
        from meetings import consumers, readable  # noqa: F401 - importing registers them
