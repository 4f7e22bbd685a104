"""The starter tree: made once, never overwriting what somebody edited."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page, Site

from changes import SYSTEM, change
from cms.models import HomePage
from members.models import Role
from members.projection import GROUPS


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
        _give_editors_their_rights()
    return home


def _give_editors_their_rights() -> None:
    """The national office's group may do everything on pages, images and documents; partners' come with Editorial."""
    office, _ = Group.objects.get_or_create(name=GROUPS[Role.NATIONAL_OFFICE])
    office.permissions.add(Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"))
    root = Page.get_first_root_node()
    for codename in ("add_page", "change_page", "publish_page", "lock_page", "unlock_page"):
        permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=codename)
        GroupPagePermission.objects.get_or_create(group=office, page=root, permission=permission)
    collection = Collection.get_first_root_node()
    for app, kind in (("wagtailimages", "image"), ("wagtaildocs", "document")):  # Wagtail asks these for own models too
        for verb in ("add", "change", "choose", "delete"):
            permission = Permission.objects.get(content_type__app_label=app, codename=f"{verb}_{kind}")
            GroupCollectionPermission.objects.get_or_create(group=office, collection=collection, permission=permission)
    for verb in ("add", "change", "delete", "view"):
        codename = f"{verb}_accessibilityaudit"
        office.permissions.add(Permission.objects.get(content_type__app_label="cms", codename=codename))
    for verb in ("add", "change", "delete", "view"):
        redirect = Permission.objects.get(content_type__app_label="wagtailredirects", codename=f"{verb}_redirect")
        office.permissions.add(redirect)
