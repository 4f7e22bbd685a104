"""An organisation and a person, as far as the viewer may see them: what a result of the search leads to."""

from __future__ import annotations

from django.contrib.auth.views import redirect_to_login
from django.db.models import Exists, OuterRef, Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from directory.queries import latest_first
from forum.models import Topic
from members.middleware import ClubRequest
from members.models import Membership, Organisation, Person
from projects.models import Project

SHOWN = 10


@require_safe
def organisation(request: ClubRequest, pk: int) -> HttpResponse:
    """An organisation: what and where it is, its projects, its discussions that the viewer may read; to members, who
    acts for it. Everybody. At most five SQL queries."""
    found = get_object_or_404(Organisation.objects.with_place(), pk=pk)
    topics = latest_first(Topic.objects.visible_to(request.viewer).filter(organisation=found))
    projects = Project.objects.published().filter(commune__isnull=False, commune=found.commune_id).with_place()
    people = (
        Membership.objects.current(timezone.now())
        .filter(organisation=found, person__is_active=True)
        .select_related("person")
        .order_by("person__family_name", "person__given_name", "id")[: 5 * SHOWN]
        if request.viewer.is_member
        else []
    )
    context = {
        "organisation": found,
        "topics": topics.select_related("space")[:SHOWN],
        "projects": projects[:SHOWN],
        "people": people,
        "crumbs": [(found.name, "")],
    }
    return render(request, "directory/organisation.html", context)


@require_safe
def person(request: ClubRequest, pk: int) -> HttpResponse:
    """A person by name and functions, never by address, and their discussions that the viewer may read.

    Members alone; 404 for somebody who acts for no organisation now. At most four SQL queries.
    """
    if request.viewer.person is None:
        return redirect_to_login(request.get_full_path())
    if not request.viewer.is_member:
        raise Http404
    now = timezone.now()
    mandates = Membership.objects.current(now)
    acting = Person.objects.filter(Exists(mandates.filter(person=OuterRef("pk"))), is_active=True).prefetch_related(
        Prefetch("memberships", mandates.select_related("organisation").order_by("organisation__name"), "mandates")
    )
    found = get_object_or_404(acting, pk=pk)
    topics = latest_first(Topic.objects.visible_to(request.viewer).filter(author=found)).select_related("space")
    context = {"person": found, "topics": topics[:SHOWN], "crumbs": [(found.get_full_name(), "")]}
    return render(request, "directory/person.html", context)
