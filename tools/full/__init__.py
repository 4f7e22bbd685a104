"""The production shape on one machine: what `make run-full`, end-to-end tests and benches stand on."""

from tools.full.stack import Stack, full_stack

__all__ = ["Stack", "full_stack"]
