"""Every number that ranking depends on, in one place. Chosen on one half of the judged queries (docs/decisions)."""

FIELDS = {"title": 4.0, "about": 1.2, "text": 1.0, "people": 1.2, "place": 2.0, "tags": 1.2, "joined": 1.5}
"""What a word counts for where it stands."""
SATURATION = 1.1
"""How soon further occurrences stop to count (k1 of BM25)."""
LENGTH = {"title": (0.3, 8), "text": (0.5, 80)}
"""How much a longer field dilutes its words, and from which number of words on (b of BM25, average)."""
SYNONYM = 0.7
"""A synonym beside the word that was typed."""
RELATED = 0.4
"""What a word leads to, beside it."""
ALSO = 1.0
"""What stands beside the best of a word, its synonyms and what it leads to, counts for this share."""
TOGETHER = {"title": 0.7, "about": 0.2, "text": 0.35}
"""What two words count for in addition, as a share of both, where they stand as they were typed."""
COVERED = 0.75
"""Share of the score that depends on how much of what was asked is there."""
EXACT_TITLE = 1000.0
"""The title is what was typed: first, whatever else there is."""
WHOLE_TITLE = 0.15
"""The title holds every word, as a share of the score."""
FRESH, HALF_LIFE_DAYS = 0.1, 365
"""What the newest gain, and after how long half of it is gone."""
WEIGHT_POWER = 0.5
"""How much of `Matter.weight` counts."""
RELAX_BELOW = 10
"""Fewer folds than this, and documents with only some of the words are found too, behind the others."""
RANKED = 400
"""Candidates that are ranked exactly; of more, those with the words in the title, the weightiest, the latest."""
ALONE = 400
"""Where some words have to be enough: in how many documents those stand, together, of which one alone is enough."""
