"""How Elasticsearch reads French: the same chain for writing and for asking.

Everything is folded (accents, ligatures, case) before it is stemmed, so that « energie » and « énergie » are one word.
Synonyms are no part of it: a query says them, with what they count for (`scoring`).
"""

from __future__ import annotations

from typing import Any

from elasticsearch.dsl import analyzer, char_filter, token_filter

from search.core.french import ELIDED, IRREGULAR, STOP_WORDS, UNLIKE

apostrophes = char_filter("club_apostrophes", type="mapping", mappings=["\\u2019=>'", "\\u02bc=>'", "\\u2018=>'"])
figures = char_filter(
    "club_figures", type="pattern_replace", pattern="(?<=\\d)[ \u00a0\u202f](?=\\d{3}(?!\\d))", replacement=""
)
"""« 1 800 » is one number."""
articles_of_law = char_filter(
    "club_articles", type="pattern_replace", pattern="(?i)\\b([lrd])\\. ?(?=\\d{3})", replacement="$1"
)
"""« L. 151-23 » is « L151-23 »."""
acronyms = char_filter(
    "club_acronyms",
    type="pattern_replace",
    pattern="(?<=(?<![\\p{L}\\p{N}])\\p{L})\\.(?=\\p{L}(?![\\p{L}\\p{N}]))",
    replacement="",
)
"""« P.L.U. » is « PLU »."""
elision = token_filter("club_elision", type="elision", articles=sorted(ELIDED), articles_case=True)
folding = token_filter("club_folding", type="asciifolding")
stop = token_filter("club_stop", type="stop", stopwords=sorted(STOP_WORDS))
irregular = token_filter(
    "club_irregular",
    type="stemmer_override",
    rules=[f"{word} => {one}" for word, one in sorted({**IRREGULAR, **UNLIKE}.items())],
)
stems = token_filter("club_stems", type="stemmer", language="light_french")
roots_only = token_filter("club_roots_only", type="truncate", length=6)
beginnings = token_filter("club_beginnings", type="edge_ngram", min_gram=1, max_gram=18)


def _french(name: str, *filters: Any) -> Any:
    return analyzer(
        name,
        tokenizer="standard",
        char_filter=[apostrophes, figures, articles_of_law, acronyms],
        filter=[elision, "lowercase", folding, *filters],
    )


french = _french("club_french", stop, irregular, stems)
roots = _french("club_roots", stop, irregular, stems, roots_only)
"""Beginnings of stems: what a stemmer keeps apart, « entretien » and « entretient », « maître » and « maîtrise »."""
exact = _french("club_exact")
"""Folded words as they stand, stop words too: phrases, codes, exact titles."""
typed = _french("club_typed", beginnings)
