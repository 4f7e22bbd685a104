"""The two ways of resolving, one question at a time and a whole import, give the same answers."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from territories.models import Commune
from territories.resolution import How, Resolver, clean_code, clean_department, resolve_code, resolve_name

pytestmark = pytest.mark.storage


@pytest.mark.slow
def test_every_code_and_name_of_the_file_resolves(referential: None) -> None:
    resolver = Resolver()

    for code, type_ in Commune.objects.values_list("code", "type"):
        match = resolver.by_code(code)
        assert match is not None, code
        if type_ == Commune.Type.CURRENT:
            assert (match.commune.code, match.how) == (code, How.CURRENT)
    for name, department, code in Commune.objects.of_today().values_list("name", "department_id", "code"):
        match = resolver.by_name(name, department)
        assert match is not None, name
        assert (match.commune.code, match.how) == (code, How.NAME)


def test_a_resolver_answers_as_the_database_does(referential: None) -> None:
    resolver = Resolver()
    sample = list(Commune.objects.order_by("code", "type").values_list("code", "name", "department_id"))[::400]

    for code, name, department in [*sample, ("20033", "Évry", "91"), ("nothing", "Nulle-Part", "01")]:
        by_code, by_name = resolve_code(code), resolve_name(name, department)
        first, second = resolver.by_code(code), resolver.by_name(name, department)
        assert (by_code and by_code.pk) == (first and first.commune.id)
        assert (by_name and by_name.pk) == (second and second.commune.id)


def test_a_former_name_counts_only_where_no_commune_of_today_bears_it(referential: None) -> None:
    match = Resolver().by_name("Saint-Sylvain-d'Anjou", "49")

    assert match is not None
    assert (match.commune.name, match.how) == ("Verrières-en-Anjou", How.FORMER_NAME)


def test_a_name_of_today_wins_over_the_same_former_name(
    no_referential: None, commune: Callable[..., Any], load: Callable[..., Any]
) -> None:
    load([
        commune("01001", "Le Bourg"), commune("01002", "Autre"),
        commune("01003", "Le Bourg", type="commune-deleguee", chefLieu="01002"),
    ])  # fmt: skip

    found, match = resolve_name("Bourg (Le)", "01"), Resolver().by_name("Le-Bourg", "01")
    assert found is not None
    assert found.code == "01001"
    assert match is not None
    assert (match.commune.code, match.how) == ("01001", How.NAME)


def test_a_former_name_of_several_communes_is_not_guessed(
    no_referential: None, commune: Callable[..., Any], load: Callable[..., Any]
) -> None:
    load([
        commune("01001", "Une"), commune("01002", "Deux"),
        commune("01003", "Vieux-Bourg", type="commune-deleguee", chefLieu="01001"),
        commune("01004", "Vieux Bourg", type="commune-associee", chefLieu="01002"),
    ])  # fmt: skip

    assert resolve_name("Vieux-Bourg", "01") is None
    assert Resolver().by_name("Vieux-Bourg", "01") is None


def test_questions_cost_few_queries(
    referential: None, django_assert_max_num_queries: Any, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(3):
        resolve_code("20033")
    with django_assert_max_num_queries(2):
        resolve_name("Nantes", "44")
    with django_assert_num_queries(3):
        resolver = Resolver()
    with django_assert_num_queries(0):
        resolver.by_code("20033")
        resolver.by_name("Nantes", "44")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1004", "01004"), (" 01004 ", "01004"), ("2a004", "2A004"), ("20B033", "2B033"), ("20a004", "2A004"),
        ("97105", "97105"), ("", ""), ("123456", ""), ("01-04", ""), ("néant", ""), ("٠١٠٠٤", ""),
    ],
)  # fmt: skip
def test_codes_are_mended(written: str, meant: str) -> None:
    assert clean_code(written) == meant


def test_departments_are_mended() -> None:
    assert clean_department("1") == ["01"]
    assert clean_department("20b") == ["2B"]
    assert clean_department("20") == ["2A", "2B"]
    assert clean_department("971") == ["971"]
    assert clean_department("Ain") == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(text=st.text(), department=st.one_of(st.text(max_size=4), st.sampled_from(["01", "2A", "20"])))
def test_no_text_raises(referential: None, text: str, department: str) -> None:
    resolve_code(text)
    resolve_name(text, department)
