"""Non-breaking spaces stand where French wants them, in templates and forms, and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from look.typography import NBSP, typographic, typographic_source


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Pourquoi ?", f"Pourquoi{NBSP}?"),
        ("« noues »", f"«{NBSP}noues{NBSP}»"),
        ("Accessibilité : non", f"Accessibilité{NBSP}: non"),
        ("12 %", f"12{NBSP}%"),
        ("a:b http://x.fr/?q=1", "a:b http://x.fr/?q=1"),
        ("un mot ; un autre !", f"un mot{NBSP}; un autre{NBSP}!"),
    ],
)
def test_texts(typed, shown):
    assert typographic(typed) == shown


@pytest.mark.parametrize(
    ("source", "loaded"),
    [
        ("« {{ words }} »", f"«{NBSP}{{{{ words }}}}{NBSP}»"),
        ("{{ job.title }} : {{ n }} %", f"{{{{ job.title }}}}{NBSP}: {{{{ n }}}}{NBSP}%"),
        ("{% if a ? b : c %}", "{% if a ? b : c %}"),
        ("<!doctype html>\n<p>", "<!doctype html>\n<p>"),
        ("<script>a ? b : c</script>", "<script>a ? b : c</script>"),
    ],
)
def test_templates(source, loaded):
    assert typographic_source(source) == loaded


@given(st.text(alphabet="ab «»:;?! %{}<>\u00a0\n", max_size=60))
def test_only_spaces_change_and_twice_is_as_once(text):
    once = typographic(text)
    assert once.replace(NBSP, " ") == text.replace(NBSP, " ")
    assert typographic(once) == once
