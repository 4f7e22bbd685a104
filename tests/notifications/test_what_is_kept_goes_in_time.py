"""The periods that « Données personnelles » tells: each is kept by a tick, to the day."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.mail import send_mail
from django.utils import timezone

from changes import change, ticks
from members import actions
from members.models import Invitation
from members.viewer import Viewer
from notifications.models import QueuedMail
from projects.models import ImportRun

pytestmark = [pytest.mark.django_db, pytest.mark.storage]


def after(days: float) -> None:
    """Every tick that is due so many days later."""
    with time_machine.travel(timezone.now() + timedelta(days=days)):
        ticks.run_due_ticks()


@pytest.mark.parametrize("state", ["sent", "withdrawn", "queued"])
def test_the_log_of_mails_is_kept_three_months_whether_they_left_or_not(state):
    send_mail("Bonjour", "Un lien qui ouvre un compte.", None, ["lou@ville.example"])
    if state != "queued":
        with change(by="test"):
            QueuedMail.objects.update(state=state, sent_at=timezone.now())
    after(89)
    assert QueuedMail.objects.count() == 1
    after(91)
    assert not QueuedMail.objects.exists()


def test_an_invitation_without_an_answer_goes_and_one_that_was_taken_up_stays(organisation, office):
    for name in ("jamais", "venue"):
        made = actions.invite(
            email=f"{name}@ville.example", organisation=organisation, function="élue", by=Viewer.of(office)
        )
    actions.accept_invitation(made.token, given_name="Lou", family_name="Caron", password="trois noues et un platane")
    after(89)
    assert Invitation.objects.count() == 2
    after(91)
    assert Invitation.objects.get().email == "venue@ville.example"


def test_a_list_that_was_tried_and_not_imported_goes_after_30_days(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with change(by="test"):
        run = ImportRun(file_name="liste.csv", by="test")
        run.file.save("x.bin", ContentFile(b"internal columns"), save=True)
    after(29)
    assert list(tmp_path.rglob("*.bin"))
    after(31)
    assert not list(tmp_path.rglob("*.bin"))
    assert not ImportRun.objects.get().file
