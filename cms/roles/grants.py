"""Wagtail’s permissions of a group on pages and collections. Every function joins the caller’s change; repeatable."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

FILES = (("wagtailimages", "image"), ("wagtaildocs", "document"))  # Wagtail asks these for own models too
COMMON = "Images et documents communs"


def group_named(name: str) -> Group:
    """The group, made where it is missing."""
    return Group.objects.get_or_create(name=name)[0]


def may_enter(group: Group) -> None:
    """Let the group into the administration."""
    group.permissions.add(Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"))


def may_date_agreements(group: Group) -> None:
    """Let the group write the dates of an agreement on a partner’s page."""
    group.permissions.add(
        Permission.objects.get(content_type__app_label="members", codename="change_partnershipagreement")
    )


def on_pages(group: Group, page: Page, verbs: Iterable[str]) -> None:
    """Give the group these rights (`add`, `change`, `publish`…) on a page and what is below it."""
    for verb in verbs:
        permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=f"{verb}_page")
        GroupPagePermission.objects.get_or_create(group=group, page=page, permission=permission)


def on_files(group: Group, collection: Collection, verbs: Iterable[str]) -> None:
    """Give the group these rights (`add`, `change`, `choose`, `delete`) on images and documents of a collection."""
    for app, kind in FILES:
        for verb in verbs:
            permission = Permission.objects.get(content_type__app_label=app, codename=f"{verb}_{kind}")
            GroupCollectionPermission.objects.get_or_create(group=group, collection=collection, permission=permission)


def collection_named(name: str) -> Collection:
    """The collection under the root, made where it is missing."""
    root = Collection.get_first_root_node()
    found = root.get_children().filter(name=name).first()
    return found if found is not None else root.add_child(instance=Collection(name=name))
