"""The demo's event and report, in Brittany."""

# ruff: noqa: E501 - a text is read better on its one line
from typing import Any

from cms.planting.words import listed, steps, text, title

EVENT: dict[str, Any] = {
    "title": "Visite des noues de Redon",
    "summary": "Une demi-journée sur place, un jour de pluie si possible, pour voir ce que l’eau fait vraiment.",
    "body": [
        text(
            "Trois communes ont demandé à voir fonctionner les fossés plantés du quartier des Écluses avant de dessiner les leurs. La visite suit le trajet d’une goutte, du toit au canal, avec le jardinier qui les entretient."
        ),
        steps(
            ("9 h 30", "Accueil et trajet de l’eau", "Départ du parking à l’entrée du quartier."),
            ("11 h", "Ce que coûte une saison d’entretien", "Chiffres du service des espaces verts, outils en main."),
            ("14 h", "Vos projets sur la table", "Apportez un plan masse : on le commente à six ou sept."),
            level="h2",
        ),
    ],
    "practical": [
        text(
            "La gare est à douze minutes à pied. Prévoyez des bottes ; le parcours principal reste praticable en fauteuil, un détour est signalé.",
            "Le repas est pris en commun, à la charge de chacun.",
        ),
    ],
}
REPORT: dict[str, Any] = {
    "title": "Restitution : habiter avec les aînés à Lannion",
    "summary": "Quarante-deux personnes ont débattu d’habitat participatif, de potagers et de ce que change un voisin de quatre-vingts ans.",
    "place": "Lannion (22)",
    "attendance": 42,
    "body": [
        title("Ce qui a été demandé"),
        listed(
            "Comment répartir les charges d’une salle que tout le monde n’utilise pas ?",
            "Un bailleur peut-il signer une charte d’usage avec des propriétaires ?",
            "Qui arrose en août ?",
        ),
        title("Ce que l’on a répondu"),
        text(
            "La salle commune est facturée au temps d’usage, relevé par un badge ; la part fixe couvre seulement l’assurance. Pour la charte, le notaire a préféré une association d’usagers, dont la résidence est membre de droit."
        ),
        text(
            "Quant à l’arrosage, un tour de rôle affiché dans le hall a tenu deux étés. Le troisième, une cuve et des goutteurs l’ont remplacé : quatre cents euros, une après-midi de pose."
        ),
        title("Ce qui reste ouvert"),
        text(
            "Personne n’a su dire comment assurer les bénévoles qui conduisent les résidents au marché. La question est portée sur le forum régional, où la mutuelle d’une participante doit donner sa réponse."
        ),
    ],
}
