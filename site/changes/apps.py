from django.apps import AppConfig


class ChangesConfig(AppConfig):
    name = "changes"
    verbose_name = "Changements, faits et journal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from changes import streams, ticks  # noqa: F401 - register their ticks
