"""The forum's forms: a topic of each kind, a reply, an edit, reasons, reports, spaces."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.db.models import Q
from django.utils import timezone

from files.forms import WithFiles
from forum.models import MEMBERS, PUBLIC, Kind, Report, Space, Step
from forum.text import LIMIT, as_markdown, seen, visible, written
from forum.writing import Guided
from look.forms import ClubForm, OperationField
from members.models import Membership
from projects.models import Commitment, Project
from territories.models import Region

HINT = "Mise en forme simple : **gras**, *italique*, « - » pour une liste, « > » pour une citation."
TEXTS = ("source", "tried", "wanted")
SHORTEST_TITLE = 8
ORDER = ["title", "source", "project", "step", "commitments", "tried", "wanted", "organisation", "attachments"]
TITLE_TOO_SHORT = "Donnez un titre d’au moins huit caractères."
TOO_SHORT = "Quelques mots de plus : cinq caractères au moins."
Choices = list[tuple[str, Any]]


class TextField(forms.CharField):
    """The text of a message: Markdown in a bare text area, in whose place the editor opens."""

    def __init__(self, label: str, *, rows: int = 6, **kwargs: Any) -> None:
        area = forms.Textarea(attrs={"rows": rows, "spellcheck": "true", "autocomplete": "off", "data-rich": True})
        kwargs = {"help_text": HINT, "max_length": LIMIT, "strip": True, **kwargs}
        super().__init__(label=label, widget=area, **kwargs)


def typed(data: Any) -> Any:
    """What was sent with its texts as Markdown, whichever way they were written: what is shown again is legible."""
    if data is None or data.get("format") != "html":
        return data
    kept = data.copy()
    for name in TEXTS:
        if name in kept:
            kept[name] = as_markdown(str(kept[name]), "html")
    kept["format"] = "markdown"
    return kept


class TextForm(ClubForm):
    """A form of text. `format` says what its text areas hold: Markdown, or the editor's HTML once it has opened."""

    format = forms.CharField(widget=forms.HiddenInput, required=False, initial="markdown")

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(typed(data), *args, **kwargs)

    @property
    def source_typed(self) -> str:
        """The text as it would be published, for its preview; empty where nothing is typed."""
        return str(self.data.get("source", ""))[:LIMIT]


class WritingForm(WithFiles, TextForm):
    """A form of text with files: for which organisation, where one speaks for several, and its operation.

    `readers` are those whom the page named: nobody publishes to others without being told.
    """

    operation = OperationField()
    readers = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def __init__(self, *args: Any, mandates: list[Membership] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if mandates is not None and len(mandates) > 1:
            choices = [(one.organisation_id, f"{one.organisation.label}, {one.function}") for one in mandates]
            self.fields["organisation"] = forms.TypedChoiceField(
                label="Au nom de", choices=choices, coerce=int, initial=mandates[0].organisation_id
            )
            self.dress()

    @property
    def organisation_id(self) -> int | None:
        """The organisation chosen; None where there was nothing to choose."""
        return self.cleaned_data.get("organisation") or None


class TopicForm(WritingForm):
    """A new question, track or information."""

    EXAMPLES = {
        Kind.QUESTION: ("Votre question", "Par exemple : « Qui entretient les noues après la livraison ? »"),
        Kind.TRACK: ("Ce que vous avez fait", "Par exemple : « Une convention à trois pour entretenir les noues »"),
        Kind.INFORMATION: ("Votre information", "Par exemple : « Visite du quartier des Tanneries le 12 mars »"),
        Kind.DIFFICULTY: ("", "Par exemple : « Nos noues se tassent huit mois après la livraison »"),
    }
    title = forms.CharField(
        label="Titre", max_length=160, min_length=SHORTEST_TITLE, error_messages={"min_length": TITLE_TOO_SHORT}
    )
    source = TextField("Votre message")

    def __init__(self, *args: Any, kind: str = Kind.QUESTION, projects: Choices | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        label, example = self.EXAMPLES[Kind(kind)]
        self.fields["title"].help_text = example
        if label:
            self.fields["source"].label = label
        self._ask_more(projects or [])
        self.order_fields(ORDER)
        self.dress()

    def _ask_more(self, projects: Choices) -> None:
        if projects:
            self.fields["project"] = forms.ChoiceField(
                label="Projet", choices=[("", "Aucun en particulier"), *projects], required=False
            )

    def clean_title(self) -> str:
        """The title as one sees it; what nobody sees does not count."""
        title = seen(self.cleaned_data["title"])
        if len(title) < SHORTEST_TITLE or not visible(title):
            raise forms.ValidationError(TITLE_TOO_SHORT)
        return title

    @property
    def guided(self) -> Guided:
        """What the form says beyond title and text."""
        data = self.cleaned_data
        return Guided(
            tried=data.get("tried", ""),
            wanted=data.get("wanted", ""),
            step=data.get("step", ""),
            project_id=int(data["project"]) if data.get("project") else None,
            commitments=tuple(int(number) for number in data.get("commitments", ())),
        )


class DifficultyForm(TopicForm):
    """The guided form of a difficulty: what, context, project, step, engagements, already tried, what would help."""

    source = TextField(
        "Le contexte",
        help_text="Par exemple : « 120 logements, première tranche livrée en mars ; le sol est argileux. » " + HINT,
    )
    tried = TextField(
        "Ce que vous avez déjà tenté",
        rows=4,
        required=False,
        help_text="Par exemple : « Deux reprises par l’entreprise, sans effet après l’hiver. »",
    )
    wanted = TextField(
        "Ce qui vous aiderait",
        rows=4,
        required=False,
        help_text="Par exemple : « Un cahier des charges d’entretien, un retour sur les coûts, avant mai. »",
    )

    def _ask_more(self, projects: Choices) -> None:
        super()._ask_more(projects)
        self.fields["step"] = forms.ChoiceField(
            label="Où en est le projet ?",
            choices=[("", "Je ne sais pas"), *((step.value, step.label) for step in Step)],
            required=False,
        )
        self.fields["commitments"] = forms.MultipleChoiceField(
            label="Engagements de la charte concernés",
            choices=commitment_choices,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )

    def clean_commitments(self) -> list[str]:
        """Five at most: a difficulty that is about everything is found by nobody."""
        chosen: list[str] = self.cleaned_data["commitments"]
        if len(chosen) > 5:
            raise forms.ValidationError("Choisissez cinq engagements au plus.")
        return chosen


def commitment_choices() -> Choices:
    """The twenty engagements in their four dimensions. One SQL query."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for one in Commitment.objects.select_related("dimension"):
        groups.setdefault(one.dimension.name, []).append((str(one.number), str(one)))
    return list(groups.items())


def project_choices(mandates: list[Membership], chosen: int | None = None) -> Choices:
    """The projects to offer: those of one's communes first, then those of one's regions, and the one that is chosen.

    One SQL query.
    """
    communes = {one.organisation.commune_id for one in mandates} - {None}
    regions = {one.organisation.region_id for one in mandates} - {None}
    offered = Q(commune__region__in=regions) | Q(pk=chosen or 0)
    rows = Project.objects.published().filter(offered).select_related("commune")
    own: list[tuple[str, str]] = []
    others: list[tuple[str, str]] = []
    for project in rows.order_by("sort_name", "id")[:400]:
        choice = (str(project.pk), f"{project}, {project.commune.name}" if project.commune else str(project))
        (own if project.commune_id in communes else others).append(choice)
    groups = [("Vos projets", own), ("Autres projets de la région", others)]
    return [(name, choices) for name, choices in groups if choices]


class ReplyForm(WritingForm):
    """A reply. `last_seen` is the number of the last message that was on screen."""

    source = TextField("Votre réponse")
    last_seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31 - 1)


class EditForm(WithFiles, TextForm):
    """Another text for a message, as it stood at a revision."""

    source = TextField("Votre message")
    revision = forms.IntegerField(widget=forms.HiddenInput)
    operation = OperationField()


class ReasonForm(ClubForm):
    """Why something is hidden or closed."""

    reason = forms.CharField(label="Motif", max_length=400, min_length=5, error_messages={"min_length": TOO_SHORT})

    def clean_reason(self) -> str:
        """The reason as one sees it."""
        return _seen_at_least(self.cleaned_data["reason"], 5)

    def __init__(self, *args: Any, hint: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = hint
        self.dress()


class ReportForm(ClubForm):
    """Why a message should be looked at by the moderators."""

    reason = forms.ChoiceField(label="Motif", choices=Report.Reason.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label="Précision",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Les modérateurs la lisent ; l’auteur du message ne saura pas que vous l’avez signalé.",
    )


class DecisionForm(ClubForm):
    """What becomes of a reported message."""

    answer = forms.CharField(
        label="Votre réponse",
        max_length=400,
        min_length=5,
        error_messages={"min_length": TOO_SHORT},
        help_text="Elle est envoyée aux personnes qui ont signalé et, si vous masquez, à l’auteur comme motif.",
    )

    def clean_answer(self) -> str:
        """The answer as one sees it."""
        return _seen_at_least(self.cleaned_data["answer"], 5)


def _seen_at_least(typed: str, signs: int) -> str:
    text = seen(typed)
    if len(text) < signs or not visible(text):
        raise forms.ValidationError(TOO_SHORT)
    return text


class PinForm(ClubForm):
    """Until when a topic stands first."""

    until = forms.DateField(label="Jusqu’au", widget=forms.DateInput(attrs={"type": "date"}))
    everywhere = forms.BooleanField(label="Annoncer dans tout le forum", required=False)

    def __init__(self, *args: Any, everywhere: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not everywhere:
            del self.fields["everywhere"]

    def clean_until(self) -> datetime:
        """The end of that day, within a year."""
        end = timezone.make_aware(datetime.combine(self.cleaned_data["until"], time(23, 59)))
        if not timezone.now() < end < timezone.now() + timedelta(days=366):
            raise forms.ValidationError("Choisissez un jour à venir, dans l’année.")
        return end


class MoveForm(ClubForm):
    """Where a topic goes."""

    target = forms.ModelChoiceField(label="Espace", queryset=Space.objects.none(), empty_label="Choisir un espace")

    def __init__(self, *args: Any, targets: list[Space], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["target"].queryset = Space.objects.filter(pk__in=[space.pk for space in targets])


class SpaceForm(ClubForm):
    """A space as the bureau keeps it."""

    title = forms.CharField(label="Titre", max_length=120, min_length=3)
    slug = forms.CharField(
        label="Adresse",
        max_length=80,
        help_text="En minuscules, sans accents : « bretagne », « eau-et-nature ».",
        validators=[
            RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*\Z", "Des minuscules, des chiffres et des traits d’union.")
        ],
    )
    description = forms.CharField(
        label="Description", max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    kind = forms.ChoiceField(label="Nature", choices=Space.Kind.choices)
    region = forms.ModelChoiceField(
        label="Région", queryset=Region.objects.none(), required=False, empty_label="Aucune"
    )
    readers = forms.ChoiceField(
        label="Qui lit cet espace ?",
        choices=[
            ("parent", "Comme l’espace où il est rangé, sinon les membres du club"),
            (MEMBERS, "Les membres du club"),
            ("region", "Les membres de la région"),
            (PUBLIC, "Tout le monde"),
        ],
        initial="parent",
    )
    parent = forms.ModelChoiceField(
        label="Rangé dans", queryset=Space.objects.none(), required=False, empty_label="Aucun autre espace"
    )
    order = forms.IntegerField(label="Ordre", min_value=0, max_value=999, initial=100)
    tells_presence = forms.BooleanField(label="Montrer combien de personnes lisent", required=False)
    RESERVED = ("brouillons", "moderation", "espaces", "discussions", "messages", "apercu")

    def __init__(self, *args: Any, space: Space | None = None, **kwargs: Any) -> None:
        if space is not None:
            kwargs.setdefault("initial", self.initial_of(space))
        super().__init__(*args, **kwargs)
        self.fields["region"].queryset = Region.objects.in_force().order_by("name")
        self.fields["parent"].queryset = Space.objects.exclude(pk=space.pk if space else 0)

    @staticmethod
    def initial_of(space: Space) -> dict[str, Any]:
        """The form's fields for a space as it is."""
        same = ("title", "slug", "description", "kind", "region", "parent", "order", "tells_presence")
        readers = space.audience if space.audience in (PUBLIC, MEMBERS) else "region"
        return {**{name: getattr(space, name) for name in same}, "readers": readers}

    def clean_slug(self) -> str:
        """An address that no page of the forum has."""
        slug = str(self.cleaned_data["slug"])
        if slug in self.RESERVED:
            raise forms.ValidationError("Cette adresse est celle d’une autre page du forum.")
        return slug

    def clean(self) -> dict[str, Any]:
        """A space reserved to a region names it."""
        data = super().clean() or self.cleaned_data
        if data.get("readers") == "region" and not data.get("region"):
            self.add_error("region", "Choisissez la région à laquelle l’espace est réservé.")
        return data

    @property
    def kept(self) -> dict[str, Any]:
        """The fields of the space."""
        data = dict(self.cleaned_data)
        readers, region, parent = data.pop("readers"), data["region"], data["parent"]
        if readers == "parent":
            readers = parent.audience if parent else MEMBERS
        return {**data, "audience": f"region:{region.pk}" if readers == "region" else readers}


def previewed(source: str) -> str:
    """A text as it would be published: the same renderer and cleaning, nothing fetched."""
    return written(source).html


def draft_fields(data: Any) -> dict[str, Any]:
    """What a form's draft keeps of what was sent: the fields that people fill, cut to their limits."""
    kept: dict[str, Any] = {}
    data = typed(data)
    for name, limit in _drafted():
        if value := str(data.get(name, "")).replace("\x00", "")[:limit]:
            kept[name] = value
    if numbers := [one for one in data.getlist("commitments") if re.fullmatch(r"\d{1,2}", one)]:
        kept["commitments"] = numbers[:20]
    return kept


def _drafted() -> Iterator[tuple[str, int]]:
    yield from {"source": LIMIT, "tried": LIMIT, "wanted": LIMIT, "title": 160}.items()
    yield from {"step": 1, "project": 12}.items()
