"""The link of an invitation, sent off by several at the same moment: one account, one mandate, the others are told."""

import threading

import pytest
from django.db import connection

from changes import change
from members import actions
from members.models import Membership, Organisation, Person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.storage, pytest.mark.slow]


def test_one_of_them_gets_in():
    with change(by="test"):
        organisation = Organisation.objects.create(kind=Organisation.Kind.PARTNER, name="Atelier des Rives")
    made = actions.invite(email="lou@ville.example", organisation=organisation, function="élue", by="system")
    together, outcomes = threading.Barrier(4), []

    def press() -> None:
        try:
            together.wait(20)
            actions.accept_invitation(
                made.token, given_name="Lou", family_name="Caron", password="trois noues et un platane"
            )
            outcomes.append("in")
        except actions.InvitationClosed:
            outcomes.append("closed")
        except Exception as error:
            outcomes.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(outcomes) == ["closed", "closed", "closed", "in"]
    assert Person.objects.count() == Membership.objects.count() == 1
