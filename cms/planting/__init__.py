"""The starter tree: real structure and text for a new installation, never over what somebody edited."""

from cms.planting.demo import plant_demo
from cms.planting.structure import plant_structure

__all__ = ["plant_demo", "plant_structure"]
