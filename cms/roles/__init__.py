"""Who writes where: a section, a collection and a group for each partner and each région."""

from cms.roles.sections import make_sections, section_of_partner, section_of_region

__all__ = ["make_sections", "section_of_partner", "section_of_region"]
