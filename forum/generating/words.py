"""Texts of French words at the frequencies of a language: the n-th word comes 1/n times as often as the first."""

from __future__ import annotations

from itertools import accumulate, pairwise
from random import Random
from typing import NamedTuple

from forum.matter import TRIED, WANTED

SMALL = """
de la le et les à des en un du une pour que est dans qui par sur plus au nous avec il sont ne pas ce se aux mais cette
ont leur être fait deux sans après entre très bien tout aussi elle son comme même avant depuis où donc lors encore puis
déjà chez sous vers peu chaque trois ainsi enfin toujours parfois souvent selon contre pendant jamais ailleurs ensuite
"""


def _listed(text: str) -> list[str]:
    return text.split()


WORDS = _listed("""
quartier commune projet eau habitants noue logement chantier îlot voirie parking école énergie réseau chaleur sol arbre
espace gestion entretien convention aménageur bailleur région concertation conseil friche usage façade toiture place
rue pluie livraison programme étude charte label service ville intercommunalité réunion mobilité vélo piéton commerce
association budget marché lot plantation bassin matériau béton terre bois réemploi isolation confort été îlots fraîcheur
ombre canopée haie biodiversité faune inventaire diagnostic perméabilité infiltration orage crue ruissellement ouvrage
collectif copropriété syndicat riverain maire élu agent technicien régie prestataire paysagiste architecte urbaniste
bureau notaire foncier parcelle densité hauteur vis-à-vis crèche gymnase maison relais jardin potager compost déchets
collecte tri borne conteneur éclairage trame nuit bruit air pollution dépollution remblai talus mur pierre brique enduit
menuiserie ventilation chaudière biomasse géothermie pompe panneau solaire toit compteur facture charge loyer accession
bail emphytéotique subvention dossier calendrier phase tranche étape bilan suivi indicateur évaluation mesure enquête
retour expérience difficulté solution piste réponse question atelier visite formation guide fiche exemple modèle clause
cahier critère objectif engagement plan schéma règlement zone secteur périmètre lisière bourg hameau centre gare arrêt
tramway bus navette stationnement livraison quai port canal rivière berge zone humide prairie fauche tonte arrosage
citerne cuve fontaine jeux banc mobilier signalétique accès pente escalier rampe handicap âge enfant jeune famille
locataire propriétaire voisin commerçant artisan entreprise emploi insertion filière locale circuit court producteur
cantine halle friperie ressourcerie recyclerie déchetterie gravats terrassement engin nuisance poussière sécurité
""")
ADJECTIVES = _listed("""
public durable collectif sobre local partagé ancien nouveau neuf existant vivant ouvert fermé planté minéral perméable
inondable habité vacant dense léger lourd simple complexe long court moyen annuel provisoire définitif commun social
privé scolaire municipal régional technique juridique financier participatif bioclimatique naturel
""")
HEADINGS = [f"<h3>{heading.removeprefix('### ')}</h3>" for heading in (TRIED, WANTED)]


class Text(NamedTuple):
    """A text as somebody would type it, and as the site would keep it."""

    source: str
    html: str
    text: str


class Words:
    """Draws titles and texts from one random source."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._words = [*SMALL.split(), *sorted({*WORDS, *ADJECTIVES}, key=[*WORDS, *ADJECTIVES].index)]
        self._frequencies = list(accumulate(1 / rank for rank in range(1, len(self._words) + 1)))

    def title(self) -> str:
        """Four to ten words."""
        draw, count = self._random.choice, int(4 + self._random.random() * 7)
        said = [draw(WORDS), "et" if count % 2 else "sans", draw(WORDS)]
        while len(said) < count - 1:
            said += ["de", draw(WORDS)] if count - len(said) > 2 else [draw(ADJECTIVES)]
        return " ".join(said[: count - 1]).capitalize() + f" {draw(ADJECTIVES)}"

    def text(self) -> Text:
        """20 to 120 words in one to three paragraphs."""
        random = self._random.random
        count = int(20 + random() * 101)
        words = self._random.choices(self._words, cum_weights=self._frequencies, k=count)
        sentences, begun = [], 0
        while begun < count:
            ends = begun + 6 + int(random() * 12)
            ends = count if count - ends < 4 else ends
            sentences.append(f"{' '.join(words[begun:ends]).capitalize()}.")
            begun = ends
        cuts = sorted({0, len(sentences), int(random() * len(sentences)), int(random() * len(sentences))})
        paragraphs = [" ".join(sentences[a:b]) for a, b in pairwise(cuts)]
        html = "\n".join(f"<p>{one}</p>" for one in paragraphs)
        return Text("\n\n".join(paragraphs), html, "\n".join(paragraphs))


def matter(context: Text, tried: Text, wanted: Text) -> Text:
    """The first message of a difficulty, as `forum.matter` composes it."""
    source = "\n\n".join([context.source, TRIED, tried.source, WANTED, wanted.source])
    html = "\n".join([context.html, HEADINGS[0], tried.html, HEADINGS[1], wanted.html])
    headings = [heading.removeprefix("### ") for heading in (TRIED, WANTED)]
    return Text(source, html, "\n".join([context.text, headings[0], tried.text, headings[1], wanted.text]))
