"""The operator's page: what waits for the workers, what was set aside, and its replay."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from changes import facts
from look.templatetags.look import quantity
from members.middleware import ClubRequest
from members.rules import may_operate
from search.settling import unsettled


@require_http_methods(["GET", "HEAD", "POST"])
def facts_page(request: ClubRequest) -> HttpResponse:
    """What waits or was set aside, by consumer; POST replays one (`fact`) or all of them (the national office)."""
    if not may_operate(request.viewer):
        raise Http404
    rows = facts.aside()
    if request.method == "POST":
        asked = request.POST.get("fact", "")
        chosen = [row.pk for row in rows if asked in ("", str(row.pk))]
        count = facts.replay(chosen, by=request.viewer.key)
        messages.success(request, f"{quantity(count, 'fait remis,faits remis')} en file : ils seront repris aussitôt.")
        return redirect("operations")
    for row in rows:
        row.error = row.error.strip().splitlines()[-1][:300] if row.error.strip() else ""
    context = {"rows": rows, "backlog": facts.backlog(), "unsettled": unsettled(), "crumbs": [("Exploitation", "")]}
    return render(request, "club/operations.html", context)
