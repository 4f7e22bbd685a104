"""« Signaler un problème d’accès »: the declaration of accessibility promises an answer within a week."""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils import timezone

from changes import change
from directory.models import AccessComplaint
from members.viewer import Viewer

WITHIN = timedelta(days=7)


def receive() -> AccessComplaint:
    """A complaint of now, inside the `change()` that sends its mail."""
    return AccessComplaint.objects.create(due_on=timezone.localdate() + WITHIN)


def waiting() -> QuerySet[AccessComplaint]:
    """Those without an answer, the most urgent first."""
    return AccessComplaint.objects.filter(answered_at=None)


def may_see(viewer: Viewer) -> bool:
    return viewer.is_national_office


def answered(*, complaint_id: int, by: Viewer) -> None:
    """It was answered, by mail; the bureau says so. Twice is once.

    Raises `PermissionDenied`, `AccessComplaint.DoesNotExist`.
    """
    with change(by=by) as c:
        if not may_see(by):
            raise PermissionDenied
        row = AccessComplaint.objects.select_for_update().get(pk=complaint_id)
        if row.answered_at is None:
            row.answered_at = timezone.now()
            row.save(update_fields=["answered_at"])
            c.log("answer", "access-complaint", str(row.pk))
