"""The demo's articles."""

# ruff: noqa: E501 - a text is read better on its one line
from typing import Any

from cms.planting.words import chart, listed, table, text, title

ARTICLES: list[dict[str, Any]] = [
    {
        "slug": "chantier-sobre",
        "title": "Un chantier sobre se prépare dix-huit mois avant la première pelle",
        "organisation": "ADEME",
        "author": "partenaire@demo.example",
        "commitments": [3, 18],
        "picture": ("plan", "Plan d’un quartier : bâtiments, arbres et cours d’eau vus du dessus"),
        "summary": "Terres, gravats, transports : l’essentiel se décide au moment du plan, pas dans le cahier des charges du terrassier.",
        "body": [
            text(
                "Sur onze opérations suivies entre 2021 et 2024, les mouvements de terre représentent à eux seuls le tiers des émissions du chantier. La surprise vient du calendrier : quand l’entreprise arrive, il ne reste presque rien à économiser."
            ),
            title("Trois décisions qui pèsent"),
            listed(
                "caler les niveaux sur le terrain naturel plutôt que sur une voirie parfaite ;",
                "réserver dès l’esquisse une aire de tri d’au moins mille mètres carrés ;",
                "acheter un volume de transport maximal, au lieu d’un prix à la tonne.",
            ),
            table(
                "Camions évités selon le moment de la décision",
                ["Décision prise", "Opérations", "Camions évités, en moyenne"],
                ["À l’esquisse", "4", "1 150"],
                ["À l’avant-projet", "5", "420"],
                ["Au marché de travaux", "2", "60"],
                header="both",
            ),
            text(
                "Cet écart tient moins à la technique qu’à la place disponible. Une plateforme imaginée tôt devient plus tard un square ; imposée tard, elle n’entre plus nulle part."
            ),
            title("Ce que nous proposons aux membres"),
            text(
                "L’agence cofinance un diagnostic de deux jours avant l’esquisse. Il débouche sur un schéma des terres, que le paysagiste reprend comme donnée d’entrée."
            ),
        ],
    },
    {
        "slug": "confort-d-ete-mesurer-peu-mais-bien",
        "title": "Confort d’été : mesurer peu, mais mesurer bien",
        "organisation": "CSTB",
        "commitments": [8, 16],
        "picture": ("toits", "Trois immeubles aux toits couverts de panneaux, sous le soleil"),
        "summary": "Six capteurs bien placés valent mieux que soixante oubliés dans des placards. Méthode pour un été.",
        "body": [
            text(
                "Un thermomètre posé au soleil ment de six degrés. C’est la première leçon des campagnes menées avec des communes volontaires : le choix du point compte davantage que le prix de l’appareil."
            ),
            title("Où les poser"),
            listed(
                "une chambre sous toiture, à hauteur d’oreiller ;",
                "un séjour orienté à l’ouest ;",
                "un palier, qui raconte la ventilation nocturne ;",
                "un banc à l’ombre et un autre qui n’en a pas.",
            ),
            chart(
                "Heures au-dessus de 28 °C dans la chambre, juin à septembre",
                "heures",
                "Logement",
                "Campagne CSTB et communes volontaires, 2023",
                ("Volets seuls", 212),
                ("Volets et ventilation nocturne", 97),
                ("Volets, ventilation, arbre devant", 41),
            ),
            text(
                "Les habitants gagnent à connaître leur propre courbe. Dans un immeuble sur deux, il a suffi de la leur montrer pour que les fenêtres s’ouvrent à vingt-trois heures au lieu de vingt."
            ),
        ],
    },
    {
        "slug": "charges-apres-livraison",
        "title": "Ce que deviennent les charges trois ans après les clés",
        "organisation": "USH",
        "commitments": [3, 4],
        "summary": "Enquête auprès de vingt-six résidences : l’eau baisse, l’entretien extérieur monte, et le gardien fait la différence.",
        "body": [
            text(
                "On promet souvent aux locataires un quartier qui coûte moins cher à vivre. Nous avons relevé les comptes de vingt-six résidences, l’année de leur livraison puis au bout de trente-six mois."
            ),
            chart(
                "Évolution moyenne des charges, par poste",
                "€ par logement et par an",
                "Poste en baisse ou en hausse",
                "Enquête de l’Union auprès de 26 résidences, 2025",
                ("Chauffage, baisse", 184),
                ("Eau froide, baisse", 61),
                ("Espaces extérieurs, hausse", 97),
            ),
            title("D’où vient la hausse"),
            text(
                "Noues, vergers, composteurs : personne n’avait chiffré les heures qu’ils demandent. Là où un gardien a été formé, la dépense reste contenue ; là où tout passe par un prestataire éloigné, elle double."
            ),
            (
                "quote",
                {
                    "text": "J’ai appris à tailler un saule à quarante-sept ans. Maintenant, les enfants m’aident.",
                    "author": "Un gardien de résidence",
                    "detail": "Seine-et-Marne",
                },
            ),
            text(
                "Notre conseil : inscrire au budget de l’opération deux jours de formation par an pendant cinq ans, et faire visiter les espaces plantés avant la remise des clés."
            ),
        ],
    },
    {
        "slug": "densite-que-l-on-aime",
        "title": "La densité que l’on aime se visite à pied",
        "organisation": "FNCAUE",
        "commitments": [6, 9],
        "picture": ("place", "Une place plantée, entourée de bancs et d’immeubles de trois étages"),
        "summary": "Une promenade commentée dans le bourg convainc mieux qu’un ratio de logements à l’hectare.",
        "body": [
            text(
                "Lors d’un conseil municipal, « quarante logements à l’hectare » fait peur. Emmenez les mêmes élus rue de l’Église : les maisons mitoyennes qu’ils admirent dépassent ce chiffre depuis trois siècles."
            ),
            title("Déroulé d’une balade"),
            text(
                "Huit arrêts, deux heures, une fiche par personne. À chaque halte on note une chose à garder, une autre à corriger, puis l’architecte-conseil donne la densité réelle. Les rires arrivent au troisième arrêt."
            ),
            title("Et ensuite"),
            text(
                "Les fiches deviennent un cahier de sept ou huit règles simples, annexé au plan local. Dans le Gers comme en Moselle, des promoteurs l’ont accepté sans discuter : il était illustré par des rues que tout le monde connaît."
            ),
        ],
    },
    {
        "slug": "lisieres-habitees",
        "title": "Lisières : là où le village s’arrête, tout commence",
        "organisation": "FNPNR",
        "commitments": [6, 20],
        "picture": ("jardin", "Des jardins partagés au pied de petites maisons"),
        "summary": "Vergers, chemins creux, prés de fauche : cinq parcs dessinent la limite entre maisons et champs plutôt que de la laisser au grillage.",
        "body": [
            text(
                "Une clôture de treillis, un talus de gravats, puis le maïs : voilà la fin ordinaire d’un lotissement. Cinq parcs régionaux ont demandé à des paysagistes d’en faire un lieu."
            ),
            listed(
                "dans le Vexin, une bande de quinze mètres reste propriété communale et se fauche une fois l’an ;",
                "en Brière, les fossés mitoyens sont recreusés avec les éleveurs ;",
                "dans les Alpilles, un pare-feu pâturé sert aussi de promenade.",
            ),
            text(
                "Le foncier fut partout le point dur. La solution la plus robuste demeure l’achat par la commune avant la vente des lots, pour un prix encore agricole."
            ),
        ],
    },
]

WAITING: dict[str, Any] = {
    "slug": "lire-une-facture-de-chauffage",
    "title": "Lire une facture de chauffage avec ceux qui la paient",
    "organisation": "ADEME",
    "author": "partenaire@demo.example",
    "commitments": [17],
    "summary": "Quatre soirées au pied d’immeuble ont fait baisser de neuf pour cent la consommation, sans un euro de travaux.",
    "body": [
        text(
            "À Étampes, vingt-deux foyers sont venus avec leurs relevés. La moitié ignorait que l’abonnement pesait davantage que le gaz brûlé ; trois payaient encore pour un logement quitté."
        ),
        title("Une soirée, une seule question"),
        text(
            "Nous avons renoncé aux conférences. Chacun pose son papier sur la table, un voisin lit à voix haute, l’animatrice ne répond qu’en dernier. Les écarts entre deux appartements jumeaux parlent mieux que nos courbes."
        ),
        listed(
            "premier soir : d’où vient chaque ligne, et qui l’encaisse ;",
            "deuxième soir : régler un robinet thermostatique, à deux, avec un thermomètre ;",
            "troisième soir : ce que le bailleur peut changer, en sa présence.",
        ),
        text(
            "Un doute demeure : l’hiver fut doux. Nous referons la mesure l’an prochain avant d’en tirer une méthode."
        ),
    ],
}
