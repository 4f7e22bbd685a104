"""What every page of the club has."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.http import HttpRequest
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.images import get_image_model_string
from wagtail.models import Page, PageManager, PageQuerySet, PageViewRestriction, Revision

from changes import SYSTEM, change
from cms.reading.lists import DATED
from cms.reading.pages import crumbs_of
from cms.reading.privacy import is_closed, readable
from cms.review.forms import CheckedPageForm
from cms.review.permissions import ClubPagePermissionTester, refuse
from cms.review.reviewers import region_above
from members.models import Person
from members.viewer import VISITOR_VIEWER, Viewer

REGION = "Vide : la région de la page sous laquelle celle-ci est rangée, ou la nation"


class ClubPageQuerySet(PageQuerySet):
    """Pages of a kind."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Published pages that this viewer may read (see `cms.reading.privacy`)."""
        return readable(self.live(), viewer)


ClubPageManager = PageManager.from_queryset(ClubPageQuerySet)


class ClubPage(Page):
    """What every page of the club has: a region (empty: national), engagements of the charter, a review date.

    Abstract for Django only; page privacy is Wagtail's view restriction, there is no second field for it.
    """

    region = models.ForeignKey(
        "territories.Region",
        verbose_name="région",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Laissez vide pour une page nationale",
    )
    region_id: str | None
    commitments = ParentalManyToManyField(
        "projects.Commitment",
        verbose_name="engagements de la charte",
        blank=True,
        related_name="+",
        help_text="Les thèmes de la page : un à trois engagements, pas davantage",
    )
    review_on = models.DateField(
        "à relire le", null=True, blank=True, help_text="La date à laquelle cette page sera relue et mise à jour"
    )

    objects = ClubPageManager()

    settings_panels = [
        *Page.settings_panels,
        MultiFieldPanel(
            [FieldPanel("region", help_text=REGION), FieldPanel("commitments"), FieldPanel("review_on")],
            heading="Classement et relecture",
        ),
    ]
    joined: ClassVar[tuple[str, ...]] = ("region",)
    "What is read with the page when it is shown."
    base_form_class = CheckedPageForm
    takes_reactions: ClassVar[bool] = False
    "Whether a discussion opens under it."
    another_publishes: ClassVar[bool] = False
    "Whether somebody else than its authors must publish it."
    office_publishes: ClassVar[bool] = False
    "Whether the bureau alone publishes it."
    needs_commitment: ClassVar[bool] = False
    "Whether it leaves its author only with an engagement of the charter."

    class Meta:
        abstract = True

    def save(self, *args: Any, **options: Any) -> Any:
        """A page below that of a région is of that région, unless another one was chosen: feeds and lists know it."""
        if self.region_id is None and self.path and options.get("update_fields") is None:
            self.region_id = region_above(self)
        return super().save(*args, **options)

    @property
    def private_page_options(self) -> list[str]:  # Wagtail’s list is of the class
        """A page is reserved by groups, and only where none above or below it is: Wagtail would demand all of them."""
        near = Page.objects.filter(path__startswith=self.path).exclude(pk=self.pk) | self.get_ancestors()
        return [] if is_closed(near) else [PageViewRestriction.GROUPS]

    def get_view_restrictions(self) -> Any:
        """The restrictions that Wagtail asks for; a page found by its address was asked for the right already."""
        if getattr(self, "above", None) is not None:
            return PageViewRestriction.objects.none()
        return super().get_view_restrictions()

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The page with its breadcrumb, and what `page_context` adds for this viewer."""
        viewer: Viewer = getattr(request, "viewer", VISITOR_VIEWER)
        context = {**super().get_context(request, *args, **kwargs), "crumbs": crumbs_of(self), "dated": DATED}
        return {**context, **self.page_context(request, viewer)}

    def page_context(self, request: HttpRequest, viewer: Viewer) -> dict[str, Any]:
        """What the template of this kind of page needs beside the page; lists hold only what the viewer may read."""
        return {}

    def permissions_for_user(self, user: Any) -> ClubPagePermissionTester:
        """Wagtail’s permissions, where nobody publishes their own article or practice."""
        return ClubPagePermissionTester(user, self)

    def publish(self, revision: Revision, user: Any = None, **options: Any) -> Any:
        """Publish in one change with its facts: Wagtail by itself publishes outside transactions.

        Raises `PermissionDenied` where a person would publish their own article or practice, or what a check refuses.
        """
        refuse(self, revision, user)
        with change(by=user if isinstance(user, Person) else SYSTEM):
            return super().publish(revision, user=user, **options)

    def unpublish(self, set_expired: bool = False, commit: bool = True, user: Any = None, **options: Any) -> Any:
        """Unpublish in one change with its facts."""
        with change(by=user if isinstance(user, Person) else SYSTEM):
            return super().unpublish(set_expired=set_expired, commit=commit, user=user, **options)


class ListedPage(ClubPage):
    """A page that lists show: its summary in a few lines, and a picture if it shows the thing."""

    summary = models.TextField(
        "résumé",
        max_length=400,
        blank=True,
        help_text="Trois lignes au plus : ce que la page apporte. Elles se lisent dans les listes et les moteurs.",
    )
    picture = models.ForeignKey(
        get_image_model_string(),
        verbose_name="image",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Seulement si elle montre ce dont parle la page",
    )
    picture_alt = models.CharField(
        "texte alternatif de l’image",
        max_length=200,
        blank=True,
        help_text="Ce que l’image montre, pour qui ne la voit pas. Vide : l’image est décorative.",
    )

    joined: ClassVar[tuple[str, ...]] = ("region", "picture")

    listed_panels = [
        FieldPanel("summary"),
        MultiFieldPanel([FieldPanel("picture"), FieldPanel("picture_alt")], heading="Image"),
    ]

    class Meta:
        abstract = True

    @property
    def description(self) -> str:
        """What a search engine and a shared link say of the page."""
        return self.search_description or self.summary
