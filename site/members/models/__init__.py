"""Who is who, who speaks for whom, and what each may do: persons, organisations, mandates, roles, invitations."""

from members.models.acceptance import Acceptance
from members.models.agreement import PartnershipAgreement
from members.models.follow import Follow, Level
from members.models.invitation import Invitation
from members.models.organisation import Organisation
from members.models.person import Person
from members.models.rights import SCOPES_OF, Membership, Role, RoleAssignment, Scope

__all__ = [
    "SCOPES_OF",
    "Acceptance",
    "Follow",
    "Invitation",
    "Level",
    "Membership",
    "Organisation",
    "PartnershipAgreement",
    "Person",
    "Role",
    "RoleAssignment",
    "Scope",
]
