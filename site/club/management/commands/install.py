"""`manage.py install --email …`: a real club's first day."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from changes import SYSTEM, change
from changes.jobs import run_job
from changes.models import Job
from club import database
from club.content import KIND
from club.progress import show
from members.actions import invitation_link, invite, send_invitation
from members.models import Role, RoleAssignment, Scope
from members.services import national_office


class Command(BaseCommand):
    help = "Prépare un club réel : base, référentiel, page d’accueil, premier compte du bureau. Sans démonstration."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", required=True, help="adresse de la première personne du bureau national")
        parser.add_argument("--given-name", default="", help="son prénom")
        parser.add_argument("--family-name", default="", help="son nom")
        parser.add_argument("--function", default="animation nationale du club", help="sa fonction")
        parser.add_argument("--show-link", action="store_true", help="montre le lien à l’écran au lieu de l’envoyer")
        parser.add_argument("--again", action="store_true", help="invite aussi quand le bureau a déjà quelqu’un")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            validate_email(options["email"])
        except ValidationError:
            raise CommandError(f"« {options['email']} » n’est pas une adresse électronique.") from None
        try:
            database.check_file()
            if database.pending_migrations():
                call_command("migrate", interactive=False, verbosity=0)
        except database.CannotStart as why:
            raise CommandError(str(why)) from None
        job = Job(kind=KIND, title="Premier contenu", by=SYSTEM, payload={"demo": False})
        if not Job.objects.filter(kind=KIND, state=Job.State.DONE).exists():
            with change(by=SYSTEM):
                job.save()
            run_job(job, show)
        office = RoleAssignment.objects.current().filter(role=Role.NATIONAL_OFFICE)
        if office.exists() and not options["again"]:
            self.stdout.write("Le bureau national a déjà un compte : rien à faire (--again pour inviter encore).")
            return
        invited = {
            "email": options["email"],
            "organisation": national_office(),
            "function": options["function"],
            "role": Role.NATIONAL_OFFICE,
            "scope_kind": Scope.NATION,
            "given_name": options["given_name"],
            "family_name": options["family_name"],
        }
        if options["show_link"]:
            made = invite(by=SYSTEM, **invited)
            self.stdout.write(f"Ouvrez ce lien (14 jours, une seule fois) : {invitation_link(made.token)}")
        else:
            send_invitation(by=SYSTEM, **invited)
            self.stdout.write(
                f"Une invitation part vers {options['email']} (par l’agent de travail) ; --show-link la montre ici."
            )
