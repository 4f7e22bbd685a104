from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "search"
    verbose_name = "Recherche"

    def ready(self) -> None:
        """Fill the forum's places."""
        from search import slots  # noqa: F401 - importing registers it
