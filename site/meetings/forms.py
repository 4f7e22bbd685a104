"""The organisers' forms: a meeting, an item of its agenda, a speaker, documents, a reason, a report."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, cast
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.formats import date_format

from files.forms import FilesField, WithFiles
from files.names import clean_line
from look.forms import ClubForm, OperationField
from meetings.models import MEMBERS, PUBLIC, AgendaItem, Kind, Meeting, Speaker
from meetings.roles import managed_regions, manages_everywhere
from meetings.text import clean_lines
from members.models import Membership
from members.viewer import Viewer
from territories.models import Commune, Region
from territories.queries import Kind as Unit
from territories.queries import suggest

NATIONAL = "national"
TYPED_HOURS = ["%H:%M", "%H:%M:%S", "%Hh%M", "%H h %M", "%Hh", "%H h"]


class LineField(forms.CharField):
    """One line, as one sees it."""

    def to_python(self, value: Any) -> str:
        """The line without signs that cannot be seen."""
        return clean_line(super().to_python(value) or "")


class DayField(forms.DateField):
    """A day, in the browser's own calendar."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(label=label, widget=widget, **kwargs)


class HourField(forms.TimeField):
    """An hour of the day: « 14:30 », or « 14h30 » where the browser has no field for it."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
        super().__init__(label=label, widget=widget, input_formats=TYPED_HOURS, **kwargs)


def at(day: date, hour: time) -> datetime:
    """A day and an hour of French time, as a moment."""
    return timezone.make_aware(datetime.combine(day, hour))


class MeetingForm(ClubForm):
    """A meeting as its organisers keep it."""

    operation = OperationField()
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    title = LineField(
        label="Titre", max_length=160, min_length=8, help_text="Exemple : « Visite du quartier des Tanneries »"
    )
    kind = forms.ChoiceField(label="Nature", choices=Kind.choices)
    region = forms.ChoiceField(label="Région")
    readers = forms.ChoiceField(
        label="Qui lit cette page ?",
        choices=[
            (MEMBERS, "Les membres du club"),
            (PUBLIC, "Tout le monde (les membres s’inscrivent)"),
            ("region", "Les membres de la région"),
        ],
        initial=MEMBERS,
    )
    day = DayField("Date")
    begins = HourField("Heure de début")
    ends = HourField("Heure de fin")
    last_day = DayField("Dernier jour", required=False, help_text="Pour une rencontre de plusieurs jours")
    place = LineField(label="Lieu", max_length=160, required=False, help_text="Exemple : « Halle Martenot »")
    address = LineField(label="Adresse", max_length=200, required=False)
    commune = LineField(
        label="Commune",
        max_length=100,
        required=False,
        help_text="Nom, code postal ou code Insee : « Rennes », « 35238 »",
    )
    link = forms.URLField(
        label="Salle en ligne",
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text="Adresse de la visioconférence. Seules les personnes qui ont une place la voient.",
    )
    summary = LineField(
        label="Résumé", max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Deux phrases : à qui s’adresse la rencontre, ce que l’on en retire",
    )  # fmt: skip
    description = forms.CharField(
        label="Présentation", max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 6})
    )
    capacity = forms.IntegerField(
        label="Nombre de places", min_value=1, max_value=100_000, required=False,
        help_text="Au-delà, les personnes sont en liste d’attente. Vide : sans limite.",
    )  # fmt: skip
    closes = DayField("Dernier jour pour s’inscrire", required=False, help_text="Vide : jusqu’au début")
    releasing = forms.BooleanField(
        label="Annuler l’inscription des personnes qui ne liront plus cette rencontre, et les prévenir",
        required=False,
    )

    def __init__(
        self, *args: Any, viewer: Viewer, mandates: list[Membership], meeting: Meeting | None = None, **kwargs: Any
    ) -> None:
        if meeting is not None:
            kwargs["initial"] = {**initial_of(meeting), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.meeting, self.mandates = meeting, mandates
        self.found: Commune | None = None
        self.may_release = self.fields.pop("releasing")
        if "releasing" in self.data:
            self.ask_to_release()
        self.fields["region"].choices = region_choices(viewer, meeting)
        if len(mandates) > 1:
            choices = [(one.organisation_id, f"{one.organisation.label}, {one.function}") for one in mandates]
            held = meeting.organisation if meeting is not None else None
            if held is not None and held.pk not in dict(choices):
                choices.insert(0, (held.pk, held.label))
            self.fields["organisation"] = forms.TypedChoiceField(label="Au nom de", choices=choices, coerce=int)
        self.dress()

    def ask_to_release(self) -> None:
        """Ask, under who reads the page, whether people who would not read it any more lose their place."""
        names = list(self.fields)
        names.insert(names.index("readers") + 1, "releasing")
        self.fields["releasing"] = self.may_release
        self.order_fields(names)

    def clean_description(self) -> str:
        """The text without signs that cannot be seen."""
        return clean_lines(self.cleaned_data["description"])

    def clean_commune(self) -> str:
        """Find the one commune that is meant; several of a name are told apart by their code."""
        typed: str = self.cleaned_data["commune"]
        if not typed:
            return ""
        found = suggest(typed, limit=10, kinds=[Unit.COMMUNE])
        exact = [one for one in found if typed == one.code or typed.casefold() == one.name.casefold()]
        offered = exact or found
        if not offered:
            raise forms.ValidationError("Aucune commune ne porte ce nom. Vérifiez son orthographe.")
        if len(offered) > 1:
            names = " ; ".join(f"{one.name} ({one.detail}) : {one.code}" for one in offered[:6])
            raise forms.ValidationError(f"Plusieurs communes répondent à ce nom. Écrivez le code : {names}.")
        self.found = Commune.objects.of_today().filter(code=offered[0].code).first()
        return typed

    def clean(self) -> dict[str, Any]:
        """A meeting reserved to a région has one; it is somewhere."""
        data = super().clean() or self.cleaned_data
        if data.get("readers") == "region" and data.get("region") == NATIONAL:
            self.add_error("region", "Choisissez la région à laquelle la rencontre est réservée.")
        if not data.get("place") and not data.get("link") and not {"place", "link"} & self.errors.keys():
            self.add_error("place", "Donnez un lieu ou une salle en ligne.")
        return data

    @property
    def kept(self) -> dict[str, Any]:
        """The fields of the meeting, for its actions."""
        data = self.cleaned_data
        region = None if data["region"] == NATIONAL else data["region"]
        last_day = data["last_day"] or data["day"]
        organisation = data.get("organisation") or (self.mandates[0].organisation_id if self.mandates else None)
        if self.meeting is not None and "organisation" not in self.fields:
            organisation = self.meeting.organisation_id
        return {
            **{name: data[name] for name in ("kind", "title", "summary", "description", "place", "address", "link")},
            "region_id": region,
            "audience": f"region:{region}" if data["readers"] == "region" else data["readers"],
            "begins_at": at(data["day"], data["begins"]),
            "ends_at": at(last_day, data["ends"]),
            "commune_id": self.found.pk if self.found else None,
            "capacity": data["capacity"],
            "registration_closes_at": at(data["closes"], time(23, 59)) if data["closes"] else None,
            "organisation_id": organisation,
        }


def region_choices(viewer: Viewer, meeting: Meeting | None) -> list[tuple[str, str]]:
    """Where the viewer may hold a meeting, and where it is held already. One SQL query."""
    rows = Region.objects.in_force().order_by("name")
    everywhere = manages_everywhere(viewer)
    if not everywhere:
        rows = rows.filter(pk__in=managed_regions(viewer))
    choices = list(rows.values_list("code", "name"))
    return [(NATIONAL, "Toute la France"), *choices] if everywhere else choices


def initial_of(meeting: Meeting) -> dict[str, Any]:
    """The form's fields for a meeting as it is."""
    same = ("title", "kind", "place", "address", "link", "summary", "description", "capacity", "revision")
    begins, ends = timezone.localtime(meeting.begins_at), timezone.localtime(meeting.ends_at)
    closes = meeting.registration_closes_at
    return {
        **{name: getattr(meeting, name) for name in same},
        "region": meeting.region_id or NATIONAL,
        "readers": meeting.audience if meeting.audience in (PUBLIC, MEMBERS) else "region",
        "day": begins.date(),
        "begins": begins.time(),
        "ends": ends.time(),
        "last_day": ends.date() if meeting.lasts_days else None,
        "commune": meeting.commune.code if meeting.commune else "",
        "closes": timezone.localdate(closes) if closes else None,
        "organisation": meeting.organisation_id,
    }


class ItemForm(ClubForm):
    """An item of the agenda. Its day is asked for only where the meeting has several."""

    operation = OperationField()
    title = LineField(label="Titre", max_length=160, min_length=3)
    day = forms.TypedChoiceField(label="Jour", coerce=date.fromisoformat)
    starts = HourField("Heure de début", required=False)
    minutes = forms.IntegerField(label="Durée en minutes", min_value=1, max_value=1440, required=False)
    speakers = forms.TypedMultipleChoiceField(
        label="Intervenants",
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self, *args: Any, meeting: Meeting, speakers: list[Speaker], item: AgendaItem | None = None, **kwargs: Any
    ) -> None:
        if item is not None:
            starts = timezone.localtime(item.starts_at) if item.starts_at else None
            kwargs["initial"] = {
                "title": item.title,
                "minutes": item.minutes,
                "starts": starts.time() if starts else None,
                "day": starts.date().isoformat() if starts else "",
                "speakers": [one.pk for one in item.speakers.all()],
            }
        super().__init__(*args, **kwargs)
        self.first = timezone.localdate(meeting.begins_at)
        if meeting.lasts_days:
            count = (timezone.localdate(meeting.ends_at) - self.first).days + 1
            days = [self.first + timedelta(days=number) for number in range(count)]
            self.fields["day"].choices = [(one.isoformat(), date_format(one, "l j F Y")) for one in days]
        else:
            del self.fields["day"]
        self.fields["speakers"].template_name = "meetings/choices.html"
        if speakers:
            self.fields["speakers"].choices = [(one.pk, str(one)) for one in speakers]
        else:
            del self.fields["speakers"]
        self.dress()

    @property
    def kept(self) -> dict[str, Any]:
        """The fields of the item, for its action."""
        data = self.cleaned_data
        starts = data["starts"]
        return {
            "title": data["title"],
            "minutes": data["minutes"],
            "starts_at": at(data.get("day") or self.first, starts) if starts else None,
            "speakers": data.get("speakers", []),
        }


class SpeakerForm(ClubForm):
    """Somebody who speaks, as the programme names them."""

    operation = OperationField()
    name = LineField(label="Prénom et nom", max_length=120)
    function = LineField(label="Fonction", max_length=120, required=False, help_text="Exemple : « cheffe de projet »")
    organisation = LineField(label="Organisation", max_length=160, required=False)


class DocumentsForm(WithFiles, ClubForm):
    """The documents of a meeting. `seen`: the ids of those that it had when the form was shown."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=400)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            held = cast(FilesField, self.fields["attachments"]).rows
            self.initial["seen"] = " ".join(str(row.upload.pk) for row in held)

    def clean_seen(self) -> set[UUID]:
        """Raises `ValidationError` where somebody wrote something else into the page."""
        try:
            return {UUID(one) for one in self.cleaned_data["seen"].split()}
        except ValueError:
            raise forms.ValidationError("Cette page n’est plus à jour : rouvrez-la.") from None


class CancelForm(ClubForm):
    """Why a meeting does not take place."""

    reason = LineField(
        label="Motif",
        max_length=400,
        min_length=5,
        help_text="Tout le monde le lira, les personnes inscrites le recevront. "
        "Exemple : « Intempéries : la visite est reportée au printemps. »",
    )


class ReportForm(ClubForm):
    """Where the report of a meeting stands."""

    address = forms.URLField(
        label="Adresse du compte rendu", max_length=500, assume_scheme="https",
        help_text="Une page de ce site ou d’un autre : « https://… »",
    )  # fmt: skip


class FollowForm(ClubForm):
    """Of which régions one wants new meetings mailed."""

    places = forms.MultipleChoiceField(
        label="Recevoir un courriel pour chaque rencontre annoncée",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        regions = Region.objects.in_force().order_by("name").values_list("code", "name")
        self.fields["places"].choices = [(NATIONAL, "Dans toute la France (colloque, rencontres nationales)"), *regions]
        self.fields["places"].template_name = "meetings/choices.html"
        self.dress()


class ConfirmForm(ClubForm):
    """A form that asks nothing but to be sent."""
