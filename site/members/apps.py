from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "members"
    verbose_name = "Membres, organisations et rôles"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from members import consumers  # noqa: F401 - registers its ticks and its mails
