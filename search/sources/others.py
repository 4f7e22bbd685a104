"""Projects, organisations, people, meetings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from django.db.models import Exists, Max, OuterRef, Prefetch, QuerySet
from django.urls import reverse
from django.utils import timezone

from meetings.models import MEMBERS, PUBLIC, Meeting
from meetings.models import State as MeetingState
from members.models import Membership, Organisation, Person
from members.viewer import Viewer
from projects.models import Project
from search.core.matter import Matter
from search.sources.base import Source, joined, place_words, words


class ProjectSource(Source):
    """Published projects: everybody reads them."""

    name = "project"

    def rows(self) -> QuerySet[Project]:
        return Project.objects.published()

    def build(self, ids: Sequence[int]) -> list[Matter]:
        """Three SQL queries."""
        rows = (
            Project.objects.published()
            .filter(pk__in=ids)
            .with_state()
            .select_related("commune__department", "commune__region")
            .prefetch_related("commitments", "communes")
            .annotate(decided=Max("events__year"))
        )
        return [self._matter(project) for project in rows]

    def _matter(self, project: Project) -> Matter:
        themes = list(project.commitments.all())
        year = project.decided  # type: ignore[attr-defined]  # annotated above
        figures = (value for _, value in project.figures())  # their labels stand in every project: they say nothing
        return Matter(
            key=self.key(project.pk),
            kind="project",
            root=self.key(project.pk),
            title=project.name,
            url=project.get_absolute_url(),
            audience=(PUBLIC,),
            containers=(self.key(project.pk),),
            at=datetime(year, 1, 1, tzinfo=UTC) if year else project.created_at,
            text=project.description.strip(),
            people=project.developer,
            place=words(place_words(project.commune), *(commune.name for commune in project.communes.all())),
            tags=words(*(theme.name for theme in themes), "EcoQuartier projet", project.state_label, *figures),
            detail=joined(project.place, project.state_label),
            regions=(project.commune.region_id,),
            themes=tuple(str(theme.number) for theme in themes),
            state=str(project.state),
            weight=1.15,
        )

    def readable(self, viewer: Viewer, ids: Iterable[int]) -> set[int]:
        return set(self.rows().filter(pk__in=list(ids)).values_list("pk", flat=True))


class OrganisationSource(Source):
    """Organisations of the club: their names stand on public pages, everybody may find them."""

    name = "organisation"

    def rows(self) -> QuerySet[Organisation]:
        return Organisation.objects.all()

    def build(self, ids: Sequence[int]) -> list[Matter]:
        """One SQL query."""
        rows = self.rows().filter(pk__in=ids).select_related(
            "commune__department", "commune__region", "epci__department", "epci__region", "department__region", "region"
        )  # fmt: skip
        return [self._matter(one) for one in rows]

    def _matter(self, one: Organisation) -> Matter:
        unit = one.commune or one.epci
        region = unit.region if unit else one.department.region if one.department else one.region
        place = place_words(unit) if unit else words(one.department and one.department.name, region and region.name)
        return Matter(
            key=self.key(one.pk),
            kind="organisation",
            root=self.key(one.pk),
            title=one.name,
            url=reverse("directory:organisation", args=[one.pk]),
            audience=(PUBLIC,),
            containers=(self.key(one.pk),),
            at=one.created_at,
            tags=one.get_kind_display(),
            place=place,
            detail=joined(one.get_kind_display(), region and region.name),
            regions=(region.code,) if region else (),
            partner=str(one.pk) if one.kind == Organisation.Kind.PARTNER else "",
            weight=0.8,
        )

    def readable(self, viewer: Viewer, ids: Iterable[int]) -> set[int]:
        return set(self.rows().filter(pk__in=list(ids)).values_list("pk", flat=True))


class PersonSource(Source):
    """People who act for an organisation now, by name and function, never by address. Members alone find them."""

    name = "person"

    def rows(self) -> QuerySet[Person]:
        mandates = Membership.objects.current(timezone.now()).filter(person=OuterRef("pk"))
        return Person.objects.filter(Exists(mandates), is_active=True)

    def build(self, ids: Sequence[int]) -> list[Matter]:
        """Two SQL queries."""
        mandates = Membership.objects.current(timezone.now()).select_related(
            "organisation__commune", "organisation__epci", "organisation__department", "organisation__region"
        )
        rows = self.rows().filter(pk__in=ids).prefetch_related(Prefetch("memberships", mandates, "mandates"))
        return [self._matter(person) for person in rows]

    def _matter(self, person: Person) -> Matter:
        held = list(person.mandates)  # type: ignore[attr-defined]  # prefetched above
        units = [one.organisation.commune or one.organisation.epci or one.organisation.department for one in held]
        regions = {unit.region_id for unit in units if unit} | {
            one.organisation.region_id for one in held if one.organisation.region_id
        }
        return Matter(
            key=self.key(person.pk),
            kind="person",
            root=self.key(person.pk),
            title=person.get_full_name(),
            url=reverse("directory:person", args=[person.pk]),
            audience=(MEMBERS,),
            containers=(self.key(person.pk),),
            at=person.joined_at,
            tags=words(*(one.function for one in held)),
            people=words(*(one.organisation for one in held)),
            place=words(*(unit.name for unit in units if unit)),
            detail=joined(*(f"{one.function}, {one.organisation}" for one in held[:2])),
            regions=tuple(sorted(regions)),
            weight=1.05,
        )

    def readable(self, viewer: Viewer, ids: Iterable[int]) -> set[int]:
        if not viewer.is_member:
            return set()
        return set(self.rows().filter(pk__in=list(ids)).values_list("pk", flat=True))


class MeetingSource(Source):
    """Announced meetings; the page of a meeting folds with it."""

    name = "meeting"

    def rows(self) -> QuerySet[Meeting]:
        return Meeting.objects.exclude(state=MeetingState.DRAFT)

    def build(self, ids: Sequence[int]) -> list[Matter]:
        """Three SQL queries."""
        rows = (
            self.rows()
            .filter(pk__in=ids)
            .prefetch_related("agenda_items", "speakers")
            .select_related("region", "commune__department", "commune__region", "organisation")
        )
        return [
            Matter(
                key=self.key(one.pk),
                kind="event",
                root=self.key(one.pk),
                title=one.title,
                url=one.get_absolute_url(),
                audience=(one.audience,),
                containers=(self.key(one.pk),),
                at=one.begins_at,
                text="\n".join(
                    filter(None, [one.summary, one.description, *(item.title for item in one.agenda_items.all())])
                ),
                people=words(one.organisation, *(f"{who.name} {who.organisation}" for who in one.speakers.all())),
                place=words(one.place, place_words(one.commune), one.region and one.region.name),
                tags=one.get_kind_display(),
                detail=joined(one.place, one.region and one.region.name),
                regions=(one.region_id,) if one.region_id else (),
                extra={"state": one.get_state_display()},
            )
            for one in rows
        ]

    def readable(self, viewer: Viewer, ids: Iterable[int]) -> set[int]:
        return set(Meeting.objects.visible_to(viewer).filter(pk__in=list(ids)).values_list("pk", flat=True))
