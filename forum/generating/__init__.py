"""Invented volume for measures: the same content for the same seed. Refused in production.

`words` makes texts, `members` people with mandates, `making` topics in memory, `running` writes them in batches.
"""
