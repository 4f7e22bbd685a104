"""The production shape on one machine: what `make run-full`, end-to-end tests and benches stand on."""

from tools.full.desk import Desk
from tools.full.stack import Stack, full_stack

__all__ = ["Desk", "Stack", "full_stack"]
