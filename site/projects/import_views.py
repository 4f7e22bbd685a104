"""The bureau's pages of the import: send a list, read its report, choose, import. For others they do not exist."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from changes.models import Job
from look.pages import page_of
from members.middleware import ClubRequest
from members.rules import NotAllowed
from projects import actions
from projects.forms import ChoiceForm, ListForm
from projects.importing import columns as c
from projects.models import ImportChoice, ImportLine, ImportRun
from projects.rules import may_apply, may_choose, may_import

Outcome = ImportLine.Outcome
FIGURES = [
    (Outcome.CREATED, ("créé", "créés")),
    (Outcome.CHANGED, ("modifié", "modifiés")),
    (Outcome.UNCHANGED, ("inchangé", "inchangés")),
    (Outcome.TO_VERIFY, ("à vérifier", "à vérifier")),
    (Outcome.REFUSED, ("refusé", "refusés")),
]
View = Callable[..., HttpResponse]
TITLE = "Import de la liste"


def for_the_bureau(view: View) -> View:
    """404 to whoever may not import: the page is not theirs to know."""

    @wraps(view)
    def checked(request: ClubRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_import(request.viewer):
            raise Http404
        return view(request, *args, **kwargs)

    return never_cache(checked)


def _crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [("Projets", reverse("projects:list")), (TITLE, reverse("projects:imports") if more else ""), *more]


@require_http_methods(["GET", "HEAD", "POST"])
@for_the_bureau
def imports(request: ClubRequest) -> HttpResponse:
    """Send a list; the latest imports under the form."""
    form = ListForm(request.POST, request.FILES) if request.method == "POST" else ListForm()
    if request.method == "POST" and form.is_valid():
        run = actions.receive_list(upload=form.cleaned_data["file"], by=request.viewer)
        return redirect("projects:import", run.pk)
    runs = ImportRun.objects.order_by("-id")[:10]
    return render(request, "projects/imports.html", {"form": form, "runs": runs, "crumbs": _crumbs()})


@require_safe
@for_the_bureau
def report(request: ClubRequest, pk: int) -> HttpResponse:
    """The report of a list: its progress, its five figures, its lines, what « Importer » will do."""
    run = get_object_or_404(ImportRun, pk=pk)
    outcome = request.GET.get("resultat", "")
    if outcome not in Outcome.values:
        outcome = next((name for name in ("to_verify", "changed", "created") if getattr(run, name)), "unchanged")
    lines = run.lines.filter(outcome=outcome).order_by("number")
    page = page_of(lines, request, 10 if outcome == Outcome.TO_VERIFY else 25)
    return render(
        request,
        "projects/import.html",
        {
            "run": run,
            "job": _job(run),
            "figures": [(kind.value, count := getattr(run, kind.value), words[count > 1]) for kind, words in FIGURES],
            "outcome": outcome,
            "outcome_label": dict(FIGURES)[Outcome(outcome)][1],
            "page": page,
            "lines": [(line, _sides(line)) for line in page] if outcome == Outcome.TO_VERIFY else [],
            "may_apply": may_apply(request.viewer, run),
            "seen": actions.figures_seen(run),
            "crumbs": _crumbs((run.file_name, "")),
        },
    )


def _job(run: ImportRun) -> Job | None:
    """The job that works on this run now."""
    if run.job_id is None or run.state not in (ImportRun.State.READING, ImportRun.State.APPLYING):
        return None
    return Job.objects.filter(pk=run.job_id).first()


def _sides(line: ImportLine) -> list[dict[str, Any]]:
    """Each candidate beside the line: value and whether it differs."""
    raw = line.raw
    return [
        {
            "name": one["name"],
            "why": one["why"],
            "facts": [
                ("Commune", one["name"], one["name"].casefold() != raw.get(c.TOWN, "").casefold()),
                ("Code Insee", one["code"], one["code"] != raw.get(c.CODE, "")),
                ("Département", one["department"], one["department"] != raw.get(c.DEPARTMENT, "")),
            ],
        }
        for one in line.candidates
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@for_the_bureau
def line(request: ClubRequest, pk: int, number: int) -> HttpResponse:
    """One doubtful line: what it says, what it may mean, and the choice."""
    row = get_object_or_404(ImportLine.objects.select_related("run"), run=pk, number=number)
    open_ = may_choose(request.viewer, row.run, row)
    form = ChoiceForm(request.POST if request.method == "POST" else None, line=row)
    if request.method == "POST" and open_ and form.is_valid():
        try:
            actions.choose(line=row, commune=form.cleaned_data["commune"], by=request.viewer)
        except NotAllowed as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"Votre choix pour la ligne {row.number} est gardé.")
        return redirect("projects:import", pk)
    return render(
        request,
        "projects/import_line.html",
        {
            "line": row,
            "run": row.run,
            "sides": _sides(row),
            "form": form if open_ else None,
            "choice": ImportChoice.objects.filter(identity=row.identity).select_related("commune").first(),
            "crumbs": _crumbs((row.run.file_name, reverse("projects:import", args=[pk])), (f"Ligne {row.number}", "")),
        },
    )


@require_POST
@for_the_bureau
def apply(request: ClubRequest, pk: int) -> HttpResponse:
    """Import the list whose report was looked at."""
    run = get_object_or_404(ImportRun, pk=pk)
    try:
        actions.import_list(run=run, seen=request.POST.get("seen", ""), by=request.viewer)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    return redirect("projects:import", pk)
