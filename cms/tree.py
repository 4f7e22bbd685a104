"""The starter tree: made once, never overwriting what somebody edited."""

from __future__ import annotations

from django.conf import settings
from wagtail.models import Page, Site

from changes import SYSTEM, change
from cms.models import HomePage


def plant_tree() -> HomePage:
    """Make the site and its home page where they are missing; what exists is left as it is. Repeatable."""
    home = HomePage.objects.first()
    if home is None:
        with change(by=SYSTEM) as c:
            root = Page.get_first_root_node() or Page.add_root(instance=Page(title="Racine", slug="root"))
            for welcome in Page.objects.filter(depth=2, slug="home").specific():
                if type(welcome) is Page:  # Wagtail's own first page, with nothing on it
                    welcome.delete()
            root.refresh_from_db()
            home = root.add_child(instance=HomePage(title="Accueil", slug="accueil"))
            c.log("plant", "page", home.pk, after={"title": home.title})
    with change(by=SYSTEM):
        Site.objects.get_or_create(
            is_default_site=True,
            defaults={"root_page": home, "hostname": "localhost", "port": 80, "site_name": settings.SITE_NAME},
        )
        Site.clear_site_root_paths_cache()
    return home
