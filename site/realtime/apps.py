from django.apps import AppConfig


class RealtimeConfig(AppConfig):
    name = "realtime"
    verbose_name = "Temps réel"
    default_auto_field = "django.db.models.BigAutoField"
