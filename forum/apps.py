from django.apps import AppConfig


class ForumConfig(AppConfig):
    name = "forum"
    verbose_name = "Forum"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the forum's streams and strips known."""
        from forum import consumers, readable, streams, strips  # noqa: F401 - importing registers them
