"""The charter as the site holds it: official numbers, our wording."""

from __future__ import annotations

from changes import change
from projects.models import CallForProjects, Commitment, Dimension

CHARTER: list[tuple[str, list[str]]] = [
    (
        "Démarche et processus",
        [
            "Partir des besoins de tous et des ressources du territoire",
            "Piloter de façon participative, avec une gouvernance élargie",
            "Raisonner en coût global",
            "Prendre en compte les usages et la gestion future",
            "Évaluer et améliorer en continu",
        ],
    ),
    (
        "Cadre de vie et usages",
        [
            "S’appuyer sur la ville existante, contre l’étalement",
            "Favoriser le vivre-ensemble et la solidarité",
            "Assurer un cadre de vie sûr et sain",
            "Viser la qualité urbaine, paysagère et architecturale",
            "Valoriser le patrimoine et l’identité du lieu",
        ],
    ),
    (
        "Développement territorial",
        [
            "Soutenir une économie locale équilibrée",
            "Rapprocher des fonctions diverses",
            "Mobiliser les ressources, les filières locales et les circuits courts",
            "Donner la priorité aux modes actifs et aux transports collectifs",
            "Accompagner la transition numérique",
        ],
    ),
    (
        "Environnement et climat",
        [
            "Anticiper les risques et le changement climatique",
            "Viser la sobriété énergétique et les énergies renouvelables",
            "Réduire les déchets, développer l’économie circulaire",
            "Préserver l’eau et la gérer avec soin",
            "Protéger la biodiversité, les sols et les milieux",
        ],
    ),
]
CALLS = {2009: "Appel à projets 2009", 2011: "Appel à projets 2011"}


def seed_charter() -> int:
    """Write the four dimensions, the twenty commitments and the two calls; a second call changes nothing.

    Returns how many rows were added. Anybody may call it: the content is the same everywhere.
    """
    if Commitment.objects.count() == 20 and CallForProjects.objects.filter(year__in=CALLS).count() == len(CALLS):
        return 0
    added = 0
    with change(by="system"):
        number = 0
        for rank, (title, names) in enumerate(CHARTER, start=1):
            dimension, new = Dimension.objects.get_or_create(number=rank, defaults={"name": title})
            added += new
            for name in names:
                number += 1
                added += Commitment.objects.get_or_create(
                    number=number, defaults={"name": name, "dimension": dimension}
                )[1]
        for year, name in CALLS.items():
            added += CallForProjects.objects.get_or_create(year=year, defaults={"name": name})[1]
    return added
