"""The editor sends HTML, the bare text area Markdown: the same closed list, either legible as the other."""

import html
import re
from urllib.parse import unquote

import html5lib
import pytest
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

from forum import actions
from forum.drafting import draft_for
from forum.forms import draft_fields, typed
from forum.markdown import markdown_of
from forum.models import Topic
from forum.text import LIMIT, TAGS, as_markdown, html_of, plain, written
from members.viewer import Viewer


def outline(shown: str) -> object:
    """What HTML says: its blocks and, of each letter, its marks; nothing of white space."""
    tree = html5lib.parseFragment(shown, namespaceHTMLElements=False)
    said: list[object] = []

    def walk(element, path, marks):
        text = [(path, marks, sign) for sign in re.sub(r"\s+", "", element.text or "")]
        said.extend(text)
        for child in element:
            name = child.tag
            if name in ("strong", "em", "code", "a"):
                walk(child, path, marks | {name + unquote(child.attrib.get("href", ""))})
            elif name == "br":
                said.append("br")
            elif name == "p":
                walk(child, path, marks)
                said.append("end of a paragraph") if not path or path[-1] != "li" else None
            else:
                said.append((name, child.attrib.get("start", "")))
                walk(child, (*path, name), marks)
                said.append("end of " + name)
            said.extend((path, marks, sign) for sign in re.sub(r"\s+", "", child.tail or ""))

    walk(tree, (), frozenset())
    return said


words = st.text("aéz09 *_`[]()<>&#+-=~.!:\\\"'«»\u00a0|/", min_size=1, max_size=12)
plain_word = st.text("aéz09", min_size=1, max_size=5)


@st.composite
def inline(draw) -> str:
    """Words, some of them marked; what is marked is whole words, as the editor marks them."""
    parts = []
    for _ in range(draw(st.integers(1, 4))):
        kind = draw(st.sampled_from(["", "strong", "em", "both", "a", "code"]))
        if not kind:
            parts.append("x" + html.escape(draw(words)) + "x")
            continue
        word = draw(plain_word)
        if kind == "both":
            parts.append(f"<strong>{word} <em>{word}</em></strong>")
        elif kind == "a":
            parts.append(f'<a href="https://exemple.fr/{draw(plain_word)}_(1)">{html.escape(word)}</a>')
        else:
            parts.append(f"<{kind}>{word}</{kind}>")
    return " ".join(parts)


def of_blocks(children):
    several = st.lists(children, min_size=1, max_size=3).map("".join)
    items = st.lists(several, min_size=1, max_size=3).map(lambda all: "".join(f"<li>{one}</li>" for one in all))
    return st.one_of(
        several.map(lambda inside: f"<blockquote>{inside}</blockquote>"),
        items.map(lambda inside: f"<ul>{inside}</ul>"),
        st.tuples(items, st.sampled_from(["", ' start="7"'])).map(lambda of: f"<ol{of[1]}>{of[0]}</ol>"),
    )


paragraph = st.one_of(
    inline().map(lambda inside: f"<p>{inside}</p>"),
    st.tuples(inline(), inline()).map(lambda two: f"<p>{two[0]}<br>{two[1]}</p>"),
)
leaf = st.one_of(
    paragraph,
    inline().map(lambda inside: f"<h3>{inside}</h3>"),
    inline().map(lambda inside: f"<h4>{inside}</h4>"),
    words.filter(str.strip).map(lambda code: f"<pre><code>{html.escape('|' + code)}\n</code></pre>"),
)
documents = st.lists(st.recursive(leaf, of_blocks, max_leaves=6), min_size=1, max_size=4).map("".join)


@given(documents)
@settings(deadline=None, max_examples=200)
def test_html_through_markdown_says_the_same(sent):
    once = html_of(as_markdown(sent, "html"))
    assert outline(once) == outline(sent)
    assert unquote(markdown_of(once)) == unquote(as_markdown(sent, "html")), "and stays as it is from then on"


SCRAPS = (
    (
        "<b> </b> <em> </em> <p> <li> <ul> </ul> <pre> </pre> <br> <a~href='/x'> </a> <h1> <blockquote> <strong> "
        "</strong> a ~ \\ * ! 1.~ -~ >~ #~ ` &amp; --- === [x](y)"
    )
    .replace(" ", "|")
    .replace("~", " ")
    .split("|")
)


@given(st.lists(st.sampled_from([*SCRAPS, "\n"]), max_size=25).map("".join))
@settings(deadline=None, max_examples=200)
def test_whatever_is_sent_loses_no_word(sent):
    wanted = re.sub(r"\W", "", html5lib_text(sent))
    kept = written(sent, "html")
    assert re.sub(r"\W", "", kept.text) == wanted
    assert set(re.findall(r"<(\w+)", kept.html)) <= TAGS


def html5lib_text(sent: str) -> str:
    return "".join(html5lib.parseFragment(sent, namespaceHTMLElements=False).itertext())


@given(st.text("aé *_`[]()<>&#+-=~.!:\\\n1", max_size=60))
@settings(deadline=None, max_examples=200)
def test_markdown_taken_up_by_the_editor_loses_no_word_and_then_stays(source):
    shown = html_of(source)
    again = markdown_of(shown)
    assert "".join(plain(html_of(again)).split()) == "".join(plain(shown).split())
    assert markdown_of(html_of(again)) == again


@pytest.mark.parametrize(
    "sent",
    [
        "<script>alert(1)</script>",
        "<p onclick=alert(1)>a</p>",
        "<a href='javascript:alert(1)'>clic</a>",
        "<a href=' jAvAsCrIpT&colon;alert(1)'>clic</a>",
        "<a href='data:text/html,<script>alert(1)</script>'>clic</a>",
        "<img src=x onerror=alert(1)><svg onload=alert(1)><math><style><img src=x onerror=alert(1)>",
        "<p style='background:url(https://ailleurs.example/)' class='fr-btn' id='contenu'>a</p>",
        "<iframe src='https://ailleurs.example/'></iframe><form action=/x><input name=csrf></form>",
        "<p>&lt;script&gt;alert(1)&lt;/script&gt; [clic](javascript:alert(1)) ![](https://ailleurs.example/p.png)</p>",
        "<a href='https://exemple.fr/&quot;onmouseover=alert(1)'>x</a>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    ],
)
def test_nothing_runs_that_the_editor_s_address_is_sent(sent):
    tree = html5lib.parseFragment(written(sent, "html").html, namespaceHTMLElements=False)
    for element in tree.iter():
        if isinstance(element.tag, str) and element.tag != "DOCUMENT_FRAGMENT":
            assert element.tag in TAGS
            assert set(element.attrib) <= {"href", "rel"}
            assert element.attrib.get("href", "https://").startswith(("http://", "https://", "mailto:"))


@pytest.mark.parametrize("sent", ["<blockquote>" * 9000, "<ul><li>" * 9000, "<b>" * 90_000,
                                  "<p>" + "*_[a](b)`" * 100_000,
                                  "<h1 " * 200_000, "<strong>a</strong>!" * 50_000, "a" * 1_000_000])  # fmt: skip
def test_of_what_is_nested_without_end_or_weighs_a_megabyte_the_words_are_read(sent):
    kept = as_markdown(sent + "fin", "html")
    assert kept.endswith("fin") or "<h1" in sent


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("<p>l’<strong>eau </strong>douce</p>", "l’**eau** douce"),
        ("<p>l’<strong>«eau»</strong>x</p>", "l’«**eau**»x"),
        ("<p>2024. Une année</p>", "2024\\. Une année"),
        ("<p>nom_de_fichier &amp; 3 &lt; 4</p>", "nom_de_fichier & 3 \\< 4"),
        ("<ul><li><p>un</p></li><li><p>deux</p></li></ul>", "- un\n- deux"),
        ("<h1>Titre</h1><h6>Sous-titre</h6>", "### Titre\n\n#### Sous-titre"),
        ("<p>un<br><br>deux</p>", "un\n\ndeux"),
        ("<p><a href='https://exemple.fr/'>https://exemple.fr/</a></p>", "<https://exemple.fr/>"),
        ("<p></p><p> </p>", ""),
    ],
)
def test_what_the_editor_wrote_is_legible_in_the_bare_text_area(sent, shown):
    assert as_markdown(sent, "html") == shown


@pytest.mark.parametrize("format", ["markdown", "", "rtf", "HTML"])
def test_a_format_that_is_not_known_is_markdown(format):
    assert written("**a** <b>", format).html == "<p><strong>a</strong> &lt;b&gt;</p>"


def test_a_form_shows_again_what_was_sent_as_markdown():
    sent = QueryDict("format=html&source=<p><strong>a</strong></p>&title=<b>&tried=<ul><li>un</li></ul>")
    kept = typed(sent)
    assert [kept[name] for name in ("format", "source", "tried", "title")] == ["markdown", "**a**", "- un", "<b>"]
    assert draft_fields(sent) == {"source": "**a**", "tried": "- un", "title": "<b>"}
    assert typed(QueryDict("source=<p>")) == QueryDict("source=<p>")


pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client, reader):
    client.force_login(reader.person)
    return client


def test_a_reply_and_its_edit_in_either(signed_in, topic, reader):
    sent = {"format": "html", "source": "<p>Deux <strong>fauches</strong></p><script>alert(1)</script>"}
    assert signed_in.post(topic.get_absolute_url(), sent).status_code == 302
    post = topic.posts.get(number=2)
    assert post.html == "<p>Deux <strong>fauches</strong></p>"
    page = signed_in.get(f"/forum/messages/{post.pk}/modifier/").content.decode()
    assert "Deux **fauches**</textarea>" in page
    assert 'name="format" value="markdown"' in page
    again = {"format": "html", "source": "<h2>Bilan</h2><p>Trois</p>", "revision": post.revision}
    assert signed_in.post(f"/forum/messages/{post.pk}/modifier/", again).status_code == 302
    post.refresh_from_db()
    assert post.html == "<h3>Bilan</h3>\n<p>Trois</p>"


def test_a_difficulty_written_in_the_editor_is_found_again_in_its_form(signed_in, space, reader):
    sent = {"format": "html", "title": "Les noues se tassent", "source": "<p>Le <em>sol</em></p>",
            "tried": "<ul><li><p>une fauche</p></li></ul>", "wanted": ""}  # fmt: skip
    assert signed_in.post(f"/forum/{space.slug}/nouvelle-discussion/difficulte/", sent).status_code == 302
    first = Topic.objects.get(title="Les noues se tassent").posts.get(number=1)
    assert first.html == "<p>Le <em>sol</em></p>\n<h3>Déjà tenté</h3>\n<ul>\n<li>une fauche</li>\n</ul>"
    page = signed_in.get(f"/forum/messages/{first.pk}/modifier/").content.decode()
    assert "Le *sol*</textarea>" in page
    assert "- une fauche</textarea>" in page


def test_a_draft_and_a_form_with_errors_keep_what_the_editor_sent(signed_in, topic, space, reader):
    sent = {"format": "html", "source": "<p><em>Octobre</em></p>", "target": topic.stream, "sequence": "0"}
    assert signed_in.post("/forum/brouillons/enregistrer/", sent).status_code == 200
    assert draft_for(reader, topic.stream).content == {"source": "*Octobre*"}
    assert "*Octobre*</textarea>" in signed_in.get(topic.get_absolute_url()).content.decode()
    page = signed_in.post(f"/forum/{space.slug}/nouvelle-discussion/question/", {**sent, "title": ""}).content.decode()
    assert "*Octobre*</textarea>" in page
    assert 'name="format" value="markdown"' in page


def test_too_long_a_text_is_said_and_kept(signed_in, topic):
    sent = {"format": "html", "source": f"<p>{'mot ' * LIMIT}</p>"}
    page = signed_in.post(topic.get_absolute_url(), sent).content.decode()
    assert "fr-message--error" in page
    assert "mot mot mot" in page
    assert topic.posts.count() == 1


def test_the_preview_s_address_gives_either_to_members(client, signed_in, topic):
    sent = {"source": "**a** ?", "as": "html"}
    answer = signed_in.post("/forum/apercu/", sent)
    assert answer.content.decode() == "<p><strong>a</strong> ?</p>"
    assert answer.headers["Content-Type"].startswith("text/plain")
    sent = {"source": "<p><strong>a</strong></p>", "format": "html", "as": "markdown"}
    assert signed_in.post("/forum/apercu/", sent).content.decode() == "**a**"
    sent = {"source": "<p><strong>Combien ?</strong></p>", "format": "html"}
    shown = signed_in.post("/forum/apercu/", sent).content.decode()
    actions.reply_to_topic(topic_id=topic.pk, source="**Combien ?**", by=Viewer.of(topic.author))
    assert shown == topic.posts.get(number=2).html
    signed_in.logout()
    assert signed_in.post("/forum/apercu/", sent).status_code == 404
