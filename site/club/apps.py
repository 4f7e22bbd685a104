from django.apps import AppConfig


class ClubConfig(AppConfig):
    name = "club"
    verbose_name = "Le site"

    def ready(self) -> None:
        from club import checks, content  # noqa: F401 - register the system checks and the job of first content
