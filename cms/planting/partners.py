"""A first page for partners of the club. What an agreement says is to be replaced by its own words."""

# ruff: noqa: E501 - a text is read better on its one line
PARTNERS: list[dict] = [
    {
        "slug": "ademe",
        "organisation": "ADEME",
        "title": "ADEME",
        "website": "https://www.ademe.fr/",
        "summary": "L’agence de la transition écologique finance des études et partage ses méthodes d’évaluation.",
        "body": [
            "L’ADEME intervient dès les études préalables : chaleur renouvelable, économie de matière, adaptation aux étés chauds. Ses directions régionales prennent part aux rencontres et relisent les fiches qui touchent à l’énergie."
        ],
        "agreement": "Deux articles par semestre, un atelier annuel sur la sobriété, et la mise à disposition de ses outils de bilan.",
    },
    {
        "slug": "cerema",
        "organisation": "Cerema, Lyon",
        "title": "Cerema",
        "website": "https://www.cerema.fr/",
        "summary": "Il anime le réseau avec le bureau national et répond aux questions techniques.",
        "body": [
            "Trois équipes, à Lyon, Bordeaux et Nantes, suivent les discussions et vont sur le terrain. Elles transforment les réponses éprouvées en pistes, puis en fiches que d’autres reprendront."
        ],
        "agreement": "L’animation des groupes interrégionaux et l’appui à la rédaction des retours d’expérience.",
    },
    {
        "slug": "cstb",
        "organisation": "CSTB",
        "title": "CSTB",
        "website": "https://www.cstb.fr/",
        "summary": "Le centre scientifique du bâtiment apporte essais, mesures et modèles.",
        "body": [
            "Confort d’été, qualité de l’air intérieur, qualités sanitaires des matériaux réemployés : le CSTB aide les membres à choisir ce qu’il vaut la peine de mesurer, et à lire ce qu’ils trouvent."
        ],
        "agreement": "Une note de méthode chaque trimestre et l’accès à des bancs d’essai pour deux projets par an.",
    },
    {
        "slug": "ush",
        "organisation": "USH",
        "title": "Union sociale pour l’habitat",
        "website": "https://www.union-habitat.org/",
        "summary": "La voix des organismes Hlm, qui possèdent ou construisent près de la moitié des logements de nos quartiers.",
        "body": [
            "L’Union relaie les questions des bailleurs sur les charges, l’entretien des espaces extérieurs et la vie des résidences. Elle met en relation gardiens, gestionnaires et chefs de projet."
        ],
        "agreement": "Une enquête sur les charges après livraison et la participation de bailleurs aux visites régionales.",
    },
    {
        "slug": "fncaue",
        "organisation": "FNCAUE",
        "title": "Fédération nationale des CAUE",
        "website": "https://www.fncaue.com/",
        "summary": "Architectes, urbanistes et paysagistes-conseils au service des petites communes.",
        "body": [
            "Les conseils d’architecture, d’urbanisme et de l’environnement accompagnent un maire avant qu’il ait un programme. Leur fédération fait circuler carnets de balade, maquettes et façons d’associer les habitants."
        ],
        "agreement": "Le prêt d’expositions itinérantes et un appui aux communes de moins de trois mille cinq cents habitants.",
    },
    {
        "slug": "fnpnr",
        "organisation": "FNPNR",
        "title": "Fédération des parcs naturels régionaux",
        "website": "https://www.parcs-naturels-regionaux.fr/",
        "summary": "Des territoires habités où l’on ménage lisières, eau et ressources locales.",
        "body": [
            "Une soixantaine de parcs expérimentent un urbanisme rural économe en sol. Leurs chargés de mission témoignent de ce que permet une charte quand elle est discutée commune par commune."
        ],
        "agreement": "Un voyage d’étude par an et la traduction des engagements pour les bourgs ruraux.",
    },
]
