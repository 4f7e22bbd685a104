"""The refusal of a whole file."""


class ImportRefused(Exception):
    """The file cannot be imported; the message is one French sentence that says why and what to do."""
