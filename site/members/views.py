"""Pages on people: the bureau's list, invitations, ends of mandates and roles; an invited person's; one's account."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import login
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from look.pages import page_of
from members import actions, queries
from members.forms import AcceptForm, EndForm, InvitationForm
from members.middleware import ClubRequest
from members.models import Invitation, Membership, Person, RoleAssignment
from members.organisations import find_organisations, organisation_of_key
from members.rules import NotAllowed, may_end, may_manage_people

PEOPLE = "Membres"


def _only_managers(request: ClubRequest) -> None:
    """These pages do not exist for others: the list of members is not public."""
    if not may_manage_people(request.viewer):
        raise Http404


@require_safe
def people(request: ClubRequest) -> HttpResponse:
    """The list of persons with their mandates and roles (the national office)."""
    _only_managers(request)
    words = request.GET.get("q", "")[:100].replace("\x00", "")
    page = page_of(queries.people(words), request)
    return render(
        request,
        "members/list.html",
        {
            "page": page,
            "words": words,
            "invitations": queries.open_invitations()[:20],
            "scopes": queries.scope_names(),
            "crumbs": [(PEOPLE, "")],
        },
    )


@require_safe
def person(request: ClubRequest, pk: int) -> HttpResponse:
    """One person: every mandate and role with its dates; those in force can be ended (the national office)."""
    _only_managers(request)
    shown = queries.person_page(pk)
    if shown is None:
        raise Http404
    names = queries.scope_names()
    roles = [
        (role, queries.scope_label(role, names), role.is_current and may_end(request.viewer, role))
        for role in shown.roles.all()
    ]
    mandates = [(mandate, mandate.is_current) for mandate in shown.memberships.all()]
    return render(
        request,
        "members/person.html",
        {
            "person": shown,
            "roles": roles,
            "mandates": mandates,
            "crumbs": [(PEOPLE, reverse("members:list")), (shown.get_full_name(), "")],
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: ClubRequest) -> HttpResponse:
    """Invite a person; the mail leaves with the change, and the link is shown once (the national office)."""
    _only_managers(request)
    form = InvitationForm(request.POST or None, scopes=queries.scope_choices())
    crumbs = [(PEOPLE, reverse("members:list")), ("Inviter une personne", "")]
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        organisation = organisation_of_key(data["organisation_key"], by=request.viewer)
        kind, scope_id = form.scope_parts
        try:
            actions.send_invitation(
                operation=data["operation"],
                email=data["email"],
                given_name=data["given_name"],
                family_name=data["family_name"],
                organisation=organisation,
                function=data["function"],
                role=data["role"],
                scope_kind=kind,
                scope_id=str(organisation.pk) if kind == "org" else scope_id,
                by=request.viewer,
            )
        except actions.TooManyInvitations as enough:
            form.add_error("email", str(enough))
            return render(request, "members/invite.html", {"form": form, "crumbs": crumbs})
        messages.success(request, f"Invitation envoyée à {data['email']}. Son lien est valable 14 jours.")
        return redirect("members:list")
    return render(request, "members/invite.html", {"form": form, "crumbs": crumbs})


@require_safe
def organisations(request: ClubRequest) -> HttpResponse:
    """Organisations for what is being typed in the invitation form, as JSON (the national office)."""
    _only_managers(request)
    found = find_organisations(request.GET.get("q", ""))
    return JsonResponse({"results": [row._asdict() for row in found]})


@require_POST
def withdraw(request: ClubRequest, pk: int) -> HttpResponse:
    """Withdraw an invitation that waits (the national office)."""
    _only_managers(request)
    invitation = get_object_or_404(Invitation, pk=pk)
    try:
        actions.withdraw_invitation(invitation, by=request.viewer)
        messages.success(request, "Invitation retirée : son lien ne marche plus.")
    except actions.InvitationClosed as closed:
        messages.warning(request, str(closed))
    return redirect("members:list")


@require_http_methods(["GET", "HEAD", "POST"])
def end_mandate(request: ClubRequest, pk: int) -> HttpResponse:
    """End a mandate: a page that says what will happen, then the act (the national office)."""
    _only_managers(request)
    mandate = get_object_or_404(Membership.objects.select_related("person", "organisation"), pk=pk)
    return _end(request, mandate, str(mandate), actions.end_membership)


@require_http_methods(["GET", "HEAD", "POST"])
def end_role(request: ClubRequest, pk: int) -> HttpResponse:
    """End a role: a page that says what will happen, then the act (the national office)."""
    _only_managers(request)
    role = get_object_or_404(RoleAssignment.objects.select_related("person"), pk=pk)
    if not may_end(request.viewer, role):
        raise NotAllowed("Vous ne pouvez pas mettre fin à votre propre rôle du bureau : demandez à un collègue.")
    label = f"{role.get_role_display()}, {queries.scope_label(role, queries.scope_names()) or role.scope_id}"
    return _end(request, role, label, actions.end_role)


def _end(request: ClubRequest, row: Any, label: str, act: Any) -> HttpResponse:
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            act(row, by=request.viewer, reason=form.cleaned_data["reason"])
            messages.success(request, f"C’est fait : « {label} » a pris fin.")
        except actions.AlreadyEnded as ended:
            messages.info(request, str(ended))
        return redirect("members:person", pk=row.person_id)
    crumbs = [
        (PEOPLE, reverse("members:list")),
        (row.person.get_full_name(), reverse("members:person", args=[row.person_id])),
        ("Mettre fin", ""),
    ]
    context = {"form": form, "row": row, "label": label, "crumbs": crumbs, "what": row._meta.verbose_name}
    return render(request, "members/end.html", context)


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """What an invitation's link shows; it acts on POST only, since mail scanners follow links."""
    try:
        invitation = actions.find_invitation(token)
    except actions.InvitationClosed as closed:
        return render(request, "members/invitation_closed.html", {"why": str(closed)}, status=410)
    known = Person.objects.filter(email__iexact=invitation.email).first()
    initial = {
        "given_name": known.given_name if known else invitation.given_name,
        "family_name": known.family_name if known else invitation.family_name,
    }
    form = AcceptForm(request.POST or None, initial=initial, known=known is not None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            newcomer = actions.accept_invitation(
                token,
                given_name=data.get("given_name", ""),
                family_name=data.get("family_name", ""),
                password=data["password"],
            )
        except ValidationError as weak:
            form.add_error("password", weak)
        except NotAllowed as wrong:
            form.add_error("password", str(wrong))
        except actions.InvitationClosed as closed:
            return render(request, "members/invitation_closed.html", {"why": str(closed)}, status=410)
        else:
            login(request, newcomer, backend="allauth.account.auth_backends.AuthenticationBackend")
            messages.success(request, f"Bienvenue au club, {newcomer.get_short_name()} !")
            return redirect("/")
    return render(request, "members/accept.html", {"form": form, "invitation": invitation, "known": known})


@require_safe
def account(request: ClubRequest) -> HttpResponse:
    """One's own account: address, mandates, roles."""
    if request.viewer.person is None:
        return redirect(f"{reverse('account_login')}?next={reverse('account')}")
    shown = queries.person_page(request.viewer.person.pk)
    names = queries.scope_names()
    assert shown is not None  # noqa: S101 - the viewer's own row was read a moment ago
    return render(
        request,
        "members/account.html",
        {
            "person": shown,
            "roles": [(role, queries.scope_label(role, names)) for role in shown.roles.all() if role.is_current],
            "mandates": [mandate for mandate in shown.memberships.all() if mandate.is_current],
            "crumbs": [("Mon compte", "")],
        },
    )
