"""What is checked before a page is sent to review or published: the editor shows it, the server asks it again."""

from cms.checks.findings import Finding, Place, Severity
from cms.checks.pages import check_page

__all__ = ["Finding", "Place", "Severity", "check_page"]
