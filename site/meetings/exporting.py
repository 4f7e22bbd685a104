"""Who comes, as a table for a spreadsheet."""

from __future__ import annotations

import csv
import io

from django.utils import timezone

from changes import change
from meetings import queries, rules
from meetings.models import Meeting
from members.rules import NotAllowed
from members.viewer import Viewer
from projects.opendata import safe

HEADINGS = ["N°", "État", "Prénom", "Nom", "Fonction", "Organisation", "Adresse électronique", "Inscription"]


def registrations_csv(meeting: Meeting, *, by: Viewer) -> str:
    """Who has a place and who waits, in their order. Who may: its organisers; the journal keeps who took it.

    No cell is a formula. Raises `NotAllowed`.
    """
    if not rules.may_see_registrations(by, meeting):
        raise NotAllowed("Seuls les organisateurs voient qui est inscrit.")
    with change(by=by) as c:
        c.log("export", "meeting", meeting.pk)
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADINGS)
    for number, row in enumerate(queries.registrations(meeting), start=1):
        person, at = row.person, timezone.localtime(row.registered_at)
        cells = [row.get_state_display(), person.given_name, person.family_name, row.function, row.organisation]
        writer.writerow([number, *(safe(cell or "") for cell in [*cells, person.email]), f"{at:%Y-%m-%d %H:%M}"])
    return text.getvalue()
