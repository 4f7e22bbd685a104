"""Pages to which the numbers of a home lead."""

from __future__ import annotations

from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from directory import complaints as access
from directory.models import AccessComplaint
from directory.waiting import waiting as waiting_rows
from forum.lists import MOST, Counted
from members.middleware import ClubRequest
from territories.models import Region


@require_safe
def waiting(request: ClubRequest) -> HttpResponse:
    """Difficulties without an answer, the oldest first (`?region=53&jours=3`); signed-in people. Three SQL queries."""
    viewer = request.viewer
    if viewer.person is None:
        return redirect_to_login(request.get_full_path())
    asked = [code for code in request.GET.getlist("region")[:30] if code.isascii() and code.isalnum()]
    days = request.GET.get("jours", "")
    since = int(days) if days.isascii() and days.isdecimal() and len(days) <= 3 else 0
    regions = list(Region.objects.filter(code__in=asked).order_by("name")) if asked else []
    rows = waiting_rows(viewer, asked, since).select_related("space", "organisation")
    page = Counted(rows, 25, rows[:MOST].count()).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "regions": regions,
        "days": since,
        "most": MOST,
        "crumbs": [("Difficultés sans réponse", "")],
    }
    return render(request, "directory/waiting.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def complaints(request: ClubRequest) -> HttpResponse:
    """Problems of access without an answer, the most urgent first; a form says that one was answered. The bureau's."""
    if not access.may_see(request.viewer):
        raise Http404
    if request.method == "POST":
        number = request.POST.get("numero", "")
        try:
            if not (number.isascii() and number.isdecimal() and len(number) < 10):
                raise Http404
            access.answered(complaint_id=int(number), by=request.viewer)
        except AccessComplaint.DoesNotExist as error:
            raise Http404 from error
        return redirect("directory:complaints")
    page = Paginator(access.waiting(), 25).get_page(request.GET.get("page"))
    context = {"page": page, "crumbs": [("Problèmes d’accès signalés", "")]}
    return render(request, "directory/complaints.html", context)
