"""How two spellings of a place become the same text, so that they can be compared and looked up."""

import re
import unicodedata

# In lists kept by hand the article stands behind (« Riche (La) », « Isle d'Abeau (L') »).
_ARTICLE_BEHIND = re.compile(r"^(?P<name>[^(]*?)\s*\(\s*(?P<article>l'|la|le|les)\s*\)", re.IGNORECASE)
_BRACKETS = re.compile(r"\((?P<inside>[^)]*)(?:\)|$)")
# The six official names with brackets: INSEE writes them to tell two communes of one département apart.
_OFFICIAL_BRACKETS = re.compile(r"\s*(?:canton\b|ville\s*$|campagne\s*$)", re.IGNORECASE)
_SAINT = re.compile(r"(?<![a-z0-9])st(e?)(?![a-z0-9])")
_SEPARATORS = re.compile(r"[^a-z0-9']+")
_APOSTROPHES = re.compile(r" ?'[ ']*")
_LONE_ELISION = re.compile(r"(?<![a-z0-9])([ld]) (?=[a-z])")
_LETTERS = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae"})


def normalise(name: str) -> str:
    """Return `name` as lower-case ASCII words in which spellings of one place are equal; never raises.

    The rules are those found on the club's list of 2016 (without them 107 names of it are lost, with them 38): the
    first line only; « (CA …) » dropped; « Riche (La) » is « La Riche »; ’ is '; œ is oe; accents, case and hyphens do
    not count; St and Ste are Saint and Sainte. Applied to its own result it changes nothing.
    """
    line = next((line for line in name.splitlines() if line.strip()), "").translate(_LETTERS)
    if "(" in line:
        line = _ARTICLE_BEHIND.sub(_article_first, line.strip())
        line = _BRACKETS.sub(_keep_official, line)
    text = _SEPARATORS.sub(" ", _plain(line))
    if "'" in text:
        text = _APOSTROPHES.sub("'", text)
    return _SAINT.sub(r"saint\1", text.strip(" '"))


def search_words(text: str) -> str:
    """Return the form in which names are indexed and typed text is looked up: `normalise` without apostrophes.

    An apostrophe joins (« L'Haÿ » is `lhay`), and so does the space of somebody who types « l hay », because people
    leave it out as often as they write it.
    """
    return words_of(normalise(text))


def words_of(normalised: str) -> str:
    """Return `search_words` of a name that is normalised already."""
    return _LONE_ELISION.sub(r"\1", normalised.replace("'", ""))


def _article_first(match: re.Match[str]) -> str:
    article = match["article"]
    return f"{article}{match['name']}" if article.endswith("'") else f"{article} {match['name']}"


def _keep_official(match: re.Match[str]) -> str:
    return f" {match['inside']} " if _OFFICIAL_BRACKETS.match(match["inside"]) else " "


def _plain(text: str) -> str:
    """Lower case without accents. Case is folded between two decompositions: each can give the other work."""
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)
    return "".join(sign for sign in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(sign))
