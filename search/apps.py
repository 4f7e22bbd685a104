from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "search"
    verbose_name = "Recherche"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Take the facts that change what is found."""
        from search import consumers  # noqa: F401 - importing registers them
