"""The editor’s form asks the checks when the page is sent or published: what was typed comes back with what to mend."""

from __future__ import annotations

from collections import defaultdict
from copy import copy
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest
from django.utils.html import format_html, format_html_join
from wagtail.admin import messages
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.fields import StreamField

from cms.checks.findings import Finding
from cms.checks.pages import check_page
from cms.review.references import beyond, named_by
from cms.review.signing import limit


class CheckedPageForm(WagtailAdminPageForm):
    """The form of every page. A draft is saved whatever it holds; sent, approved or published it passes the checks."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.findings: list[Finding] = []
        self.held = named_by(self.instance) if self.is_bound and self.instance.pk else set()
        limit(self, self.for_user)

    @property
    def leaves(self) -> bool:
        """Whether the button pressed makes the page leave its author: sent to review, accepted, published."""
        if self.is_deferred_validation or not self.is_bound:
            return False
        pressed = {name for name in ("action-publish", "action-submit", "action-restart-workflow") if name in self.data}
        return bool(pressed) or self.data.get("workflow-action-name") == "approve"

    def _post_clean(self) -> None:
        super()._post_clean()
        if beyond(named_by(self.instance), self.held, self.for_user):
            raise Http404  # the form shown again would tell what stands under that number
        if self.leaves:
            findings = check_page(self.as_typed(), self.cleaned_data.get("commitments"))
            self.refuse([finding for finding in findings if finding.is_blocking])

    def as_typed(self) -> Any:
        """The page with what was typed, also where a field refused it: all that is to be mended is said at once."""
        page = copy(self.instance)
        for name in self.errors:
            if name in self.fields and isinstance(page._meta.get_field(name), StreamField):
                widget = self.fields[name].widget
                setattr(page, name, widget.value_from_datadict(self.data, self.files, self.add_prefix(name)))
        return page

    def refuse(self, findings: list[Finding]) -> None:
        """Show each finding at its field or block; `say_what_to_mend` lists all of them at the top."""
        by_field: dict[str, list[Finding]] = defaultdict(list)
        for finding in findings:
            by_field[finding.place.field].append(finding)
        for name, found in by_field.items():
            if name not in self.fields:
                name = "title"
            if name not in self.errors:  # a field that is refused already says why
                self.add_error(name, self._error(name, found))
        self.findings = findings

    def _error(self, name: str, findings: list[Finding]) -> ValidationError:
        messages = [finding.message[:1].upper() + finding.message[1:] for finding in findings]
        if not isinstance(self.instance._meta.get_field(name), StreamField):
            return ValidationError(messages)
        of_block: dict[Any, list[str]] = defaultdict(list)
        for finding, message in zip(findings, messages, strict=True):
            of_block[finding.place.block].append(message)
        return StreamBlockValidationError(
            block_errors={index: ValidationError(texts) for index, texts in of_block.items() if index is not None},
            non_block_errors=of_block.get(None, []),
        )


_wagtails = messages.validation_error


def say_what_to_mend(request: HttpRequest, message: str, form: Any, buttons: Any = None) -> None:
    """In place of Wagtail’s message, where checks refused a page: each finding, with a link to where it is."""
    findings = getattr(form, "findings", [])
    if not findings:
        _wagtails(request, message, form, buttons)
        return
    lines = format_html_join(
        "", '<li><a href="#{}">{}</a> : {}</li>', ((one.place.anchor, one.place.label, one.message) for one in findings)
    )
    said = "La page n’est pas partie : il reste à corriger ce qui suit. Ce que vous avez écrit est toujours là."
    detail = format_html('<ul class="errorlist">{}</ul>', lines)
    messages.messages.error(request, messages.render(said, buttons, detail=detail))
