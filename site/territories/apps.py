from django.apps import AppConfig


class TerritoriesConfig(AppConfig):
    """The official referential: régions, départements, EPCI, EPT and communes of today and yesterday."""

    name = "territories"
    verbose_name = "Territoires"
    default_auto_field = "django.db.models.BigAutoField"
