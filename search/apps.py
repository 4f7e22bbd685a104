from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "search"
    verbose_name = "Recherche"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Take the facts that change what is found; fill the forum's places; add the editors' synonyms."""
        from search import consumers, missing, slots, wording  # noqa: F401 - importing registers them
