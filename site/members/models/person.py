"""The account: an e-mail, a name, a rights version."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone


class PersonManager(BaseUserManager["Person"]):
    """Makes persons with a normalised, lower-case address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Person:
        """Make a person; without a password they sign in by a link first. Called inside a change."""
        if not email:
            raise ValueError("a person needs an e-mail address")
        person = self.model(email=email.strip().lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> Person:
        """Django's technical account; a club's first account is made by `manage.py install`, not by this."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(email__iexact=username or "")


class Person(AbstractBaseUser, PermissionsMixin):  # type: ignore[django-manager-missing]  # Wagtail's own
    """Somebody with an account. Rights come from memberships and roles; groups are only Wagtail's projection of them.

    `rights_version` moves with every change of a membership or role: what was cached under the older one is dead.
    """

    email = models.EmailField("adresse électronique", unique=True)
    given_name = models.CharField("prénom", max_length=80)
    family_name = models.CharField("nom", max_length=80)
    is_active = models.BooleanField("actif", default=True)
    is_staff = models.BooleanField("compte technique", default=False)
    joined_at = models.DateTimeField("inscrit le", default=timezone.now)
    rights_version = models.PositiveIntegerField(default=1)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["given_name", "family_name"]

    objects = PersonManager()

    class Meta:
        verbose_name = "personne"
        constraints = [models.UniqueConstraint(Lower("email"), name="person_email_any_case")]
        indexes = [models.Index(fields=["family_name", "given_name", "id"], name="person_by_name")]

    def __str__(self) -> str:
        return self.get_full_name()

    @property
    def key(self) -> str:
        """The actor's key in facts and journal."""
        return f"person:{self.pk}"

    def get_full_name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip() or "Personne sans nom"

    def get_short_name(self) -> str:
        return self.given_name or self.get_full_name()
