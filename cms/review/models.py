"""The two steps of a review: the région where the page is regional, then the national office."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from wagtail.models import Task, TaskState

from cms.checks import check_page
from cms.review import reviewers
from cms.review.authors import authors_of
from members.models import Person


class ReasonForm(forms.Form):
    """Why a change is asked: nobody is sent back without a word."""

    comment = forms.CharField(
        label="Ce qu’il faut changer, et pourquoi",
        help_text="L’auteur le lit dans son courriel et dans la page.",
        widget=forms.Textarea({"rows": 4}),
    )


class NoWordForm(forms.Form):
    """Nothing to add to an agreement."""


class Review(Task):
    """A step of the review. Nobody reviews what they wrote."""

    class Meta:
        abstract = True

    def reviewers(self, page: Any) -> QuerySet[Person]:
        """Who may act at this step, whoever wrote the page."""
        raise NotImplementedError

    def told(self, page: Any) -> QuerySet[Person]:
        """Who is told that a page waits: those who may act on it."""
        return reviewers.others(self.reviewers(page), page)

    def may_review(self, page: Any, user: Any) -> bool:
        """Whether this person may act on the page at this step."""
        return (
            isinstance(user, Person)
            and user.is_active
            and self.reviewers(page).filter(pk=user.pk).exists()
            and user.pk not in authors_of(page)
        )

    def user_can_access_editor(self, obj: Any, user: Any) -> bool:
        return self.may_review(obj, user)

    def locked_for_user(self, obj: Any, user: Any) -> bool:
        return not self.may_review(obj, user)

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, str, bool]]:
        if not self.may_review(obj, user):
            return []
        return [("reject", "Demander une modification", True), ("approve", self.agreement, False)]

    def get_form_for_action(self, action: str) -> type[forms.Form]:
        return ReasonForm if action == "reject" else NoWordForm

    def get_task_states_user_can_moderate(self, user: Any, **options: Any) -> QuerySet[TaskState]:
        """What waits for this person at this step: as many looks as pages wait there."""
        waiting = self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS).select_related("workflow_state")
        mine = [state.pk for state in waiting if self.may_review(state.workflow_state.content_object, user)]
        return TaskState.objects.filter(pk__in=mine)

    @transaction.atomic
    def on_action(self, task_state: TaskState, user: Any, action_name: str, **options: Any) -> Any:
        """Accept or send back, asked again here: Wagtail takes the page and the state of its form separately.

        Raises `PermissionDenied` for whoever may not review that page, without a reason, or where a check refuses.
        """
        page = task_state.workflow_state.content_object
        if not self.may_review(page, user):
            raise PermissionDenied
        if action_name == "reject" and not str(options.get("comment", "")).strip():
            raise PermissionDenied("Dites ce qu’il faut changer.")
        if action_name == "approve" and any(
            one.is_blocking for one in check_page(page.get_latest_revision_as_object())
        ):
            raise PermissionDenied("La page a encore des points à corriger.")
        return super().on_action(task_state, user, action_name, **options)


class RegionReview(Review):
    """The région gives its agreement; skipped where the page has none, or nobody there but its authors."""

    agreement = "Donner l’accord de la région"

    class Meta:
        verbose_name = "relecture par la région"
        verbose_name_plural = "relectures par la région"

    def reviewers(self, page: Any) -> QuerySet[Person]:
        """The région’s correspondents and facilitators, and the bureau, which may act in their stead."""
        return reviewers.regional(reviewers.region_of(page)) | reviewers.office()

    def told(self, page: Any) -> QuerySet[Person]:
        """Those of the région."""
        return reviewers.others(reviewers.regional(reviewers.region_of(page)), page)

    def start(self, workflow_state: Any, user: Any = None) -> TaskState:
        page = workflow_state.content_object
        if self.told(page).exists():
            return super().start(workflow_state, user=user)
        return TaskState.objects.create(
            workflow_state=workflow_state,
            task=self,
            revision=page.get_latest_revision(),
            status=TaskState.STATUS_SKIPPED,
            finished_at=timezone.now(),
        )

    @classmethod
    def get_description(cls) -> str:
        return "Les correspondants et animateurs de la région de la page donnent leur accord"


class OfficeReview(Review):
    """The national office publishes."""

    agreement = "Publier maintenant"

    class Meta:
        verbose_name = "relecture par le bureau"
        verbose_name_plural = "relectures par le bureau"

    def reviewers(self, page: Any) -> QuerySet[Person]:
        """The national office."""
        return reviewers.office()

    @classmethod
    def get_description(cls) -> str:
        return "Le bureau national publie, ou demande une modification"
