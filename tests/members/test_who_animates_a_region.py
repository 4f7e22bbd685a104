"""Who animates a région: each person once, with their oldest mandate in words, whoever asks left out."""

import pytest

from members.actions import give_role
from members.models import Role, Scope
from members.queries import animators

pytestmark = [pytest.mark.django_db, pytest.mark.storage]


def test_each_person_once_and_not_whoever_asks(referential, make_person, django_assert_num_queries):
    here, there = (Scope.REGION, "53"), (Scope.REGION, "84")
    both = make_person("deux@etat.example", role=Role.CORRESPONDENT, scope=here)
    give_role(both, Role.FACILITATOR, *here, by="test")
    other = make_person("autre@etat.example", role=Role.FACILITATOR, scope=here)
    make_person("ailleurs@etat.example", role=Role.CORRESPONDENT, scope=there)
    with django_assert_num_queries(1):
        found = animators(["53"])
    assert [row.person for row in found["53"]] == [both, other]
    assert found["53"][0].function == "chargée de mission"
    assert found["53"][0].organisation == "Atelier des Rives"
    assert [row.person for row in animators(["53"], without=both)["53"]] == [other]
    assert [row.person for row in animators(["53"], each=1)["53"]] == [both]
    assert animators([]) == {}
