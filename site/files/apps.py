from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "files"
    verbose_name = "Fichiers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the purge and the check of the scanner known."""
        from files import purging, scanning  # noqa: F401 - importing registers them
