"""Projects and what happened to them; the charter's commitments; imports of the club's list."""

from projects.models.charter import Commitment, Dimension
from projects.models.imports import ImportChoice, ImportLine, ImportRun
from projects.models.project import NAMELESS, Project, State
from projects.models.steps import Award, CallForProjects, Candidacy, Charter, LabelEvent

__all__ = [
    "NAMELESS",
    "Award",
    "CallForProjects",
    "Candidacy",
    "Charter",
    "Commitment",
    "Dimension",
    "ImportChoice",
    "ImportLine",
    "ImportRun",
    "LabelEvent",
    "Project",
    "State",
]
