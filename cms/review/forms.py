"""The editor’s form asks the checks when the page is sent or published: what was typed comes back with what to mend."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.html import format_html
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.fields import StreamField

from cms.checks.findings import Finding
from cms.checks.pages import check_page
from cms.review.signing import limit


class CheckedPageForm(WagtailAdminPageForm):
    """The form of every page. A draft is saved whatever it holds; sent, approved or published it passes the checks."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
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
        if self.leaves:
            findings = check_page(self.instance, self.cleaned_data.get("commitments"))
            self.refuse([finding for finding in findings if finding.is_blocking])

    def refuse(self, findings: list[Finding]) -> None:
        """Show each finding at its field or block, and all of them at the top with links to these."""
        by_field: dict[str, list[Finding]] = defaultdict(list)
        for finding in findings:
            by_field[finding.place.field].append(finding)
        for name, found in by_field.items():
            if name not in self.fields:
                name = "title"
            if name not in self.errors:  # a field that is refused already says why
                self.add_error(name, self._error(name, found))
        for finding in findings:
            self.add_error(
                None,
                format_html(
                    '<a href="#:w:contentpath={}">{}</a> : {}', finding.place.path, finding.place.label, finding.message
                ),
            )

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
