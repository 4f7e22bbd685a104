from django.apps import AppConfig


class CmsConfig(AppConfig):
    name = "cms"
    verbose_name = "Site éditorial"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hear Wagtail's signals; register the scheduled publication."""
        from cms import consumers, facts, reacting  # noqa: F401 - importing registers them
        from cms.reports import walking  # noqa: F401 - registers itself
        from cms.review import facts as review
        from cms.roles import consumers as sections  # noqa: F401 - registers itself

        review.connect()
