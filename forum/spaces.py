"""Opening and changing spaces: the bureau's business."""

from __future__ import annotations

from typing import Any

from changes import Actor, Change, change
from changes.streams import ALL, PUBLIC, RIGHTS
from forum import rules
from forum.models import MEMBERS, Space, SpaceAddress, Topic
from forum.shown import VIEWS
from members.rules import NotAllowed
from members.viewer import Viewer

KEPT = ("slug", "title", "description", "kind", "region_id", "audience", "parent_id", "order", "tells_presence")


class SpaceRefused(Exception):
    """A space cannot be so; the message says why (French), `field` is the one to mend."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def open_space(
    *,
    slug: str,
    title: str,
    description: str = "",
    audience: str = MEMBERS,
    kind: str = Space.Kind.NATIONAL,
    region_id: str | None = None,
    parent: Space | None = None,
    order: int = 100,
    by: Actor | str,
) -> Space:
    """Open a space, or find the one of this address as it is. For the installation; people take `keep_space`."""
    with change(by=by) as c:
        space, made = Space.objects.get_or_create(
            slug=slug,
            defaults={
                "title": title,
                "description": description,
                "audience": audience,
                "kind": kind,
                "region_id": region_id,
                "parent": parent,
                "order": order,
            },
        )
        if made:
            c.log("open", "space", space.pk, after={"title": title, "audience": audience})
    return space


def keep_space(*, space: Space | None, by: Viewer, **fields: Any) -> Space:
    """Open a space, or change one (title, address, readers, place in the tree). Who may: the bureau.

    An older address leads to the new one. Where the readers change, all that stands in it is theirs at once: screens
    are asked again whether they may, pages of visitors renew. Raises `NotAllowed`, `SpaceRefused`.
    """
    if not rules.may_keep_spaces(by):
        raise NotAllowed("Seul le bureau national ouvre et modifie les espaces.")
    with change(by=by) as c:
        kept = Space.objects.get(pk=space.pk) if space is not None else Space()
        before = {name: getattr(kept, name) for name in KEPT} if space is not None else None
        for name, value in fields.items():
            setattr(kept, name, value)
        _check_tree(kept)
        _check_address(kept, c, before)
        kept.save()
        after = {name: getattr(kept, name) for name in KEPT}
        if before is None:
            c.log("open", "space", kept.pk, after=after)
        elif before != after:
            c.log("change", "space", kept.pk, before=before, after=after)
            _tell(c, kept, readers_changed=before["audience"] != kept.audience)
            if before["audience"] != kept.audience:
                _readers_of_children(c, kept, before["audience"])
        c.renew(PUBLIC, PUBLIC)
        c.fact("forum.space_changed", kept.pk)
    return kept


def _check_tree(space: Space) -> None:
    above, seen = space.parent, 1
    while above is not None:
        seen += 1
        if above.pk == space.pk:
            raise SpaceRefused("parent", "Un espace ne peut pas être rangé dans lui-même.")
        if seen + _levels_below(space) > Space.LEVELS:
            raise SpaceRefused("parent", "Trois niveaux d’espaces au plus : choisissez un espace plus haut.")
        above = above.parent


def _readers_of_children(c: Change, space: Space, audience: str) -> None:
    """Spaces under it that had the same readers go on having them."""
    for child in Space.objects.filter(parent=space, audience=audience):
        child.audience = space.audience
        child.save(update_fields=["audience"])
        c.log("change", "space", child.pk, before={"audience": audience}, after={"audience": child.audience})
        _tell(c, child, readers_changed=True)
        _readers_of_children(c, child, audience)


def _levels_below(space: Space) -> int:
    if space.pk is None or not space.children.exists():
        return 0
    return 2 if Space.objects.filter(parent__parent=space).exists() else 1


def _check_address(space: Space, c: Change, before: dict[str, Any] | None) -> None:
    taken = Space.objects.filter(slug=space.slug).exclude(pk=space.pk).exists()
    if taken or SpaceAddress.objects.filter(slug=space.slug).exclude(space=space.pk).exists():
        raise SpaceRefused("slug", "Cette adresse est ou a été celle d’un autre espace.")
    if before is not None and before["slug"] != space.slug:
        SpaceAddress.objects.filter(slug=space.slug).delete()
        SpaceAddress.objects.get_or_create(slug=before["slug"], defaults={"space": space})


def _tell(c: Change, space: Space, *, readers_changed: bool) -> None:
    streams = [space.stream]
    if readers_changed:
        streams += [f"topic:{pk}" for pk in Topic.objects.filter(space=space).values_list("pk", flat=True)]
    for stream in streams:
        c.renew(stream, *VIEWS, snapshot=True)
        if readers_changed:
            c.touch(RIGHTS, "stream", stream, after=[ALL])
