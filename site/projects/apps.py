from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "projects"
    verbose_name = "Projets d’écoquartiers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from projects import consumers  # noqa: F401 - registers the jobs of the import
