"""Backups of the whole site: database and stored files, with a manifest that says what they are and proves it."""
