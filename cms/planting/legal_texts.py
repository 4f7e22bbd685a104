"""The texts that a person accepts: first versions, which the bureau replaces by new ones."""

# ruff: noqa: E501 - a text is read better on its one line
from cms.planting.words import listed, text, title

TERMS = [
    title("À qui s’adresse ce site"),
    text(
        "Les pages publiques sont ouvertes à tous. Un compte est réservé aux personnes mandatées par une collectivité, un service de l’État ou un partenaire ; il est personnel et ne se prête pas."
    ),
    title("Ce que vous pouvez faire"),
    text(
        "Vous pouvez lire, chercher, poser des questions, répondre et proposer des contenus dans les espaces qui vous sont ouverts. Vous restez l’auteur de ce que vous écrivez, au nom de l’organisation que vous avez choisie."
    ),
    title("Ce que vous acceptez"),
    listed(
        "vos contributions publiques peuvent être reprises sous licence etalab-2.0, avec le nom de votre organisation ;",
        "les échanges réservés aux membres ne se diffusent pas au-dehors sans l’accord de leurs auteurs ;",
        "les documents joints ne contiennent ni données personnelles de tiers, ni éléments couverts par un secret.",
    ),
    title("Ce que nous assurons"),
    text(
        "L’éditeur s’efforce de tenir le service disponible, prévient avant les interruptions prévues et conserve vos brouillons. Il ne garantit pas l’exactitude des avis échangés, qui ne remplacent ni une étude ni un conseil juridique."
    ),
    title("Fin du compte"),
    text(
        "Vous pouvez fermer votre compte à tout moment. Il se ferme aussi lorsque votre mandat s’achève, ou après deux ans sans connexion et deux rappels. Vos messages demeurent, sous la mention « ancien membre »."
    ),
    title("Évolution de ces conditions"),
    text(
        "Une nouvelle version porte un numéro et une date d’effet. Elle vous est présentée à votre connexion suivante, avec ce qu’elle modifie ; les précédentes restent consultables."
    ),
]
MODERATION = [
    title("L’esprit"),
    text(
        "On parle ici de projets réels, avec des personnes que l’on croisera peut-être en réunion le mois prochain. La franchise est bienvenue, la courtoisie aussi."
    ),
    title("Ce qui n’a pas sa place"),
    listed(
        "les attaques contre une personne, une commune ou une profession ;",
        "la publicité et la sollicitation commerciale, même déguisée en conseil ;",
        "la mise en cause nominative d’une entreprise ou d’un agent ;",
        "les propos contraires à la loi, notamment racistes, sexistes ou diffamatoires.",
    ),
    title("Qui modère, et comment"),
    text(
        "Le bureau national, les correspondants régionaux et les animateurs du Cerema modèrent, chacun dans ses espaces. Un message peut être déplacé, masqué ou rétabli ; son auteur reçoit toujours le motif."
    ),
    title("Signaler"),
    text(
        "Tout lecteur peut signaler un contenu, sans compte pour les pages publiques. La demande est accusée, examinée sous deux jours ouvrés, et la décision est motivée."
    ),
    title("Contester"),
    text(
        "Une décision se conteste auprès du bureau dans les deux mois. Elle est alors revue par quelqu’un qui n’a pas pris la première."
    ),
]
