from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "directory"
    verbose_name = "Accueil des membres"

    def ready(self) -> None:
        """Fill the home page's places, make its strip known."""
        from directory import home  # noqa: F401 - importing registers it
