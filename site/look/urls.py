from django.urls import path

from look.views import style

urlpatterns = [path("", style, name="style")]
