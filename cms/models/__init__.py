"""Pages, images, documents and audits."""

from cms.models.articles import ArticlePage, PartnerPage
from cms.models.audits import AccessibilityAudit, AuditRow
from cms.models.base import ClubPage, ListedPage
from cms.models.home import HomePage
from cms.models.links import BrokenLink
from cms.models.media import ClubDocument, ClubImage, ClubRendition
from cms.models.practices import ExperienceSheet, PracticeFigure
from cms.models.reactions import Reaction
from cms.models.regions import EventPage, MeetingReport, RegionPage
from cms.models.sections import LegalPage, SectionPage, StandardPage
from cms.review.models import OfficeReview, RegionReview

__all__ = [
    "AccessibilityAudit",
    "ArticlePage",
    "AuditRow",
    "BrokenLink",
    "ClubDocument",
    "ClubImage",
    "ClubPage",
    "ClubRendition",
    "EventPage",
    "ExperienceSheet",
    "HomePage",
    "LegalPage",
    "ListedPage",
    "MeetingReport",
    "OfficeReview",
    "PartnerPage",
    "PracticeFigure",
    "Reaction",
    "RegionPage",
    "RegionReview",
    "SectionPage",
    "StandardPage",
]
