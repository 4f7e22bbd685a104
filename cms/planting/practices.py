"""The demo's good practices, each of one of its projects."""

# ruff: noqa: E501 - a text is read better on its one line
from typing import Any

from cms.planting.words import chart, steps, table, text, title

PRACTICES: list[dict[str, Any]] = [
    {
        "slug": "noues-en-terrain-peu-permeable",
        "title": "Des noues en cascade là où le sol n’absorbe presque rien",
        "project": 19,
        "commitments": [19, 20],
        "picture": ("noue", "Une noue plantée entre des maisons, avec un filet d’eau au fond"),
        "drawing": ("plan", "Plan du quartier, avec les noues en bleu", "Le tracé suit l’ancien fossé agricole."),
        "summary": "Sur une argile qui n’infiltre que deux millimètres par heure, quatre bassins plantés étagés ralentissent la pluie avant le canal.",
        "difficulty": "<p>Les sondages de 2018 avaient conclu à l’impossibilité d’infiltrer. Le réseau enterré prévu à la place coûtait 640 000 € et supposait une pompe, dont personne ne voulait assurer l’entretien.</p>",
        "body": [
            text(
                "Plutôt que de chercher l’infiltration, l’équipe a cherché le temps. Quatre bassins longs et peu profonds se déversent l’un dans l’autre ; chacun garde l’eau une demi-journée, que les plantes boivent en partie."
            ),
            steps(
                (
                    "Hiver 2019",
                    "Un essai grandeur nature",
                    "Quarante mètres creusés à la pelle par les services, sans marché.",
                ),
                (
                    "Été 2020",
                    "Le règlement s’adapte",
                    "Les lots raccordent leurs gouttières à ciel ouvert : aucun avaloir en pied de façade.",
                ),
                (
                    "2021 – 2022",
                    "Réalisation avec la voirie",
                    "Le profil en travers est inversé, la chaussée penche vers la noue.",
                ),
            ),
            title("Plantes retenues", "h3"),
            table(
                "Reprise des plantations après trois hivers",
                ["Espèce", "Pieds plantés", "Encore là"],
                ["Iris des marais", "900", "840"],
                ["Laîche", "1 200", "1 150"],
                ["Salicaire", "300", "120"],
            ),
        ],
        "figures": [
            (
                "42 mm",
                "de pluie en deux heures retenus sans débordement",
                "Enregistreur communal, orage du 17 juin 2023",
            ),
            ("212 000 €", "de travaux hors taxes, contre 640 000 pour le réseau enterré", "Décompte général, 2022"),
            ("4,10 €/m²", "d’entretien annuel, tonte et curage compris", "Service des espaces verts, 2024"),
        ],
        "results_text": "<p>Deux orages décennaux sont passés sans appel aux pompiers. Les grenouilles sont venues la deuxième année ; quelques riverains s’en plaignent, la plupart les montrent à leurs enfants.</p>",
        "costs": "212 000 € HT en 2022, dont 30 % de l’agence de l’eau.\nEntretien : 4,10 € par m² et par an.",
        "partners": "Agence de l’eau Loire-Bretagne\nSyndicat de bassin\nUn paysagiste concepteur",
        "redo": "<p>L’essai de quarante mètres : il a convaincu les élus mieux que toutes nos coupes.</p>",
        "avoid": "<p>Nous avons planté en mai. Deux arrosages par semaine tout l’été, pour une reprise médiocre de la salicaire : attendez novembre.</p>",
        "contact": "Direction de l’aménagement, Ville de Redon",
        "documents": [
            (
                "Relevés de pluie du quartier des Écluses",
                "releves-pluie-redon.csv",
                "date;pluie_mm;niveau_cm\n2023-06-17;42;31\n2023-09-02;18;12\n2024-05-29;36;27\n",
                "Hauteurs d’eau et niveaux mesurés dans la noue basse",
            ),
        ],
    },
    {
        "slug": "isoler-la-brique-sans-la-cacher",
        "title": "Isoler cent quatre-vingts maisons de brique sans les cacher",
        "project": 38,
        "commitments": [10, 17],
        "picture": ("rue", "Une rue bordée de maisons hautes, un vélo sur la piste"),
        "summary": "Chanvre projeté par l’intérieur, combles soufflés, ventilation par pièce : des façades classées intactes et des factures divisées par deux.",
        "difficulty": "<p>Le paysage minier est inscrit au patrimoine mondial ; toute isolation extérieure était exclue. Les logements, occupés, font soixante-huit mètres carrés : y perdre douze centimètres par mur paraissait inacceptable aux familles.</p>",
        "body": [
            text(
                "Le bailleur a d’abord isolé trois maisons vides, meublées comme elles le sont d’habitude. Chacun y a mesuré la place d’un lit ou d’un buffet avant de donner son accord."
            ),
            text(
                "L’enduit de chanvre fait sept centimètres. Il laisse sécher la brique, point essentiel sur ces murs sans coupure de capillarité. Les appuis de fenêtre, prolongés en chêne, servent désormais d’étagère."
            ),
            chart(
                "Consommation de chauffage avant et après travaux",
                "kWh par m² et par an",
                "Période",
                "Relevés du bailleur sur 64 logements suivis, 2021 à 2024",
                ("Avant", 231),
                ("Première année", 124),
                ("Troisième année", 109),
            ),
        ],
        "figures": [
            ("− 53 %", "de chauffage sur soixante-quatre logements suivis", "Bailleur, relevés 2021 à 2024"),
            ("38 400 €", "par logement, toutes aides déduites", "Bilan financier de l’opération, 2024"),
            ("9 jours", "de présence des ouvriers dans chaque maison", "Journal de chantier"),
        ],
        "results_text": "<p>Les moisissures ont disparu partout sauf dans six cuisines, où l’entrée d’air avait été bouchée au ruban. Une visite de réglage a suffi.</p>",
        "costs": "61 200 € HT par maison en 2023 ; reste à charge du bailleur 38 400 €.",
        "partners": "Bailleur social\nArchitecte des bâtiments de France\nFilière chanvre régionale",
        "redo": "<p>Les trois maisons témoins, et la gardienne qui en avait les clés le samedi.</p>",
        "avoid": "<p>Commander le chanvre chez un fournisseur unique : une récolte mouillée nous a coûté quatre mois.</p>",
        "contact": "Service habitat, Ville de Lens",
    },
    {
        "slug": "geothermie-de-surface-en-zone-humide",
        "title": "Chauffer un bourg neuf par le sol, au bord d’une zone humide",
        "project": 31,
        "commitments": [17, 20],
        "picture": ("chaleur", "Une chaufferie reliée par une boucle enterrée à trois maisons"),
        "summary": "Des sondes courtes, posées sous les jardins, couvrent les deux tiers du besoin sans toucher à la nappe.",
        "difficulty": "<p>Onze hectares de marais bordent le terrain. Un forage profond demandait une autorisation longue et inquiétait les naturalistes ; le gaz avait été écarté par délibération.</p>",
        "body": [
            text(
                "Le bureau d’études a proposé des échangeurs en panier, à quatre mètres de profondeur, là où la terre reste à onze degrés. Cent quarante paniers dorment aujourd’hui sous des pelouses et un terrain de boules."
            ),
            text(
                "L’été, la boucle rafraîchit les planchers ; la chaleur rendue au sol améliore le rendement de l’hiver suivant. Un appoint au bois prend le relais quand il gèle plus de quatre jours."
            ),
        ],
        "figures": [
            ("66 %", "des besoins de chaleur couverts par le sol", "Exploitant du réseau, saison 2023-2024"),
            ("3,9", "de coefficient de performance moyen sur l’année", "Exploitant du réseau, saison 2023-2024"),
            ("0,3 °C", "d’écart de température de la nappe en trois ans", "Piézomètre du syndicat de rivière"),
        ],
        "results_text": "<p>La facture annuelle d’un trois-pièces s’établit à 412 €. Un compteur affiché dans chaque hall montre l’origine de la chaleur ; les écoliers viennent le lire.</p>",
        "costs": "1,84 M€ HT pour 210 équivalents-logements (2021), dont 45 % du fonds chaleur.",
        "partners": "Fonds chaleur\nSyndicat de rivière\nRégie municipale",
        "redo": "<p>Poser les paniers avant les voiries : le planning y a gagné six semaines.</p>",
        "avoid": "<p>Les arbres à grand développement au-dessus des échangeurs. Il a fallu en déplacer huit.</p>",
        "contact": "Régie de chaleur, Ville d’Étampes",
    },
    {
        "slug": "reemploi-a-l-echelle-du-canal",
        "title": "Portes, lavabos, parquets : réemployer à l’échelle d’un canal",
        "project": 29,
        "commitments": [13, 18],
        "picture": ("place", "Une place entre des immeubles, avec des bancs sous les arbres"),
        "summary": "Un entrepôt partagé par sept chantiers riverains a trouvé preneur pour quatre éléments déposés sur cinq.",
        "difficulty": "<p>Chaque maître d’ouvrage disait vouloir réemployer, aucun n’avait de place pour stocker ni de date compatible avec son voisin. Les assureurs, de leur côté, demandaient des preuves de performance.</p>",
        "body": [
            text(
                "La ville a loué douze cents mètres carrés à dix minutes des chantiers et salarié deux magasiniers. Tout ce qui entre est photographié, mesuré, étiqueté, puis réservé en ligne par les architectes."
            ),
            text(
                "Pour convaincre les assureurs, un carnet accompagne chaque lot : origine, dépose, essais. Les portes coupe-feu ont été testées par prélèvement, une sur quarante."
            ),
            table(
                "Ce qui est entré, ce qui est reparti",
                ["Élément", "Entrés", "Reposés"],
                ["Portes intérieures", "1 460", "1 210"],
                ["Lavabos et éviers", "690", "588"],
                ["Parquet (m²)", "3 900", "3 350"],
                ["Menuiseries extérieures", "410", "97"],
            ),
        ],
        "figures": [
            ("640 t", "de matière non jetée en trente mois", "Registre de l’entrepôt, 2022 à 2024"),
            ("17 %", "d’économie moyenne sur le lot cloisons et portes", "Comparaison des marchés de sept opérations"),
            ("12", "emplois, dont huit en insertion", "Association gestionnaire"),
        ],
        "results_text": "<p>Les fenêtres restent notre échec : dimensions trop variées, vitrages dépassés. On les accepte encore pour les ateliers et les serres.</p>",
        "costs": "Entrepôt et salaires : 310 000 € par an, couverts aux deux tiers par les cessions.",
        "partners": "Établissement public territorial\nAssociation d’insertion\nSept maîtres d’ouvrage",
        "redo": "<p>Payer les magasiniers avant le premier coup de masse, et leur donner un droit de visite sur les dépôts de permis.</p>",
        "avoid": "<p>Stocker « au cas où ». Après neuf mois sans demande, un lot part désormais au recyclage.</p>",
        "contact": "Mission économie circulaire, Ville de Pantin",
    },
    {
        "slug": "ombre-et-eau-en-ville-seche",
        "title": "De l’ombre pour marcher, moins d’eau pour arroser",
        "project": 43,
        "commitments": [16, 19],
        "picture": ("jardin", "Des carrés plantés devant de petites maisons"),
        "summary": "Des tonnelles de vigne sur plus d’un kilomètre de trottoir, et un arrosage réduit de deux tiers grâce au paillage et aux cuves.",
        "difficulty": "<p>Quarante-trois jours au-dessus de trente-cinq degrés en 2022, et une interdiction d’arroser dès le 12 juillet. Les jeunes arbres plantés deux ans plus tôt mouraient un par un.</p>",
        "body": [
            text(
                "Il fallait de l’ombre tout de suite. La vigne grimpe en deux saisons, boit peu et se taille avec les habitants au mois de février. Des câbles tendus entre façades la portent à trois mètres."
            ),
            text(
                "Au pied, quinze centimètres de broyat issu des tailles communales. Les cuves enterrées sous trois parkings recueillent les eaux de toiture ; un goutte-à-goutte part la nuit, piloté par l’humidité du sol."
            ),
            chart(
                "Eau utilisée pour arroser les plantations du quartier",
                "m³ par an",
                "Année",
                "Service des eaux, relevés de compteurs",
                ("2021", 1240),
                ("2022", 960),
                ("2024", 410),
            ),
        ],
        "figures": [
            (
                "− 7 °C",
                "ressentis sous la tonnelle à quinze heures",
                "Campagne de mesures d’août 2024, université de Perpignan",
            ),
            ("1,2 km", "de trottoirs ombragés en deux étés", "Services techniques"),
            ("410 m³", "d’eau d’arrosage au lieu de 1 240", "Service des eaux, 2021 et 2024"),
        ],
        "results_text": "<p>Les commerçants constatent des passages plus nombreux en fin d’après-midi. Le raisin, lui, attire les guêpes : la variété retenue depuis n’en donne presque pas.</p>",
        "costs": "86 € par mètre de tonnelle posée ; cuves : 74 000 € HT pour 180 m³.",
        "partners": "Lycée agricole\nSyndicat des vignerons\nUniversité de Perpignan",
        "redo": "<p>Tailler avec les riverains : la fête de février est devenue le rendez-vous du quartier.</p>",
        "avoid": "<p>Ancrer les câbles dans des façades anciennes sans étude. Deux pierres d’angle ont bougé.</p>",
        "contact": "Service nature en ville, Ville de Narbonne",
    },
    {
        "slug": "vivre-avec-la-crue",
        "title": "Prises à un mètre vingt, celliers à l’étage : vivre avec la crue",
        "project": 23,
        "commitments": [8, 16],
        "picture": ("rive", "Des maisons sur pilotis au-dessus d’une rivière en crue"),
        "summary": "Face à la Loire, le rez-de-chaussée accepte l’eau ; on revient y habiter quatre jours après la décrue.",
        "difficulty": "<p>Le plan de prévention autorisait à bâtir sous conditions que nul promoteur n’acceptait. Trois consultations infructueuses avaient laissé la friche en l’état pendant onze ans.</p>",
        "body": [
            text(
                "La commune a renversé la question : non pas comment empêcher l’eau d’entrer, mais combien de temps pour s’en remettre. Cloisons en béton de chanvre, sols en terre cuite, tableau électrique au premier étage, mobilier de cuisine démontable."
            ),
            title("La répétition annuelle", "h3"),
            text(
                "Un samedi d’octobre, chacun monte ses affaires, coupe, ouvre les évents, descend la barque. Le chronomètre affichait trois heures au départ ; il en marque une."
            ),
        ],
        "figures": [
            ("4 jours", "pour réoccuper un logement après décrue", "Exercice de mars 2023, service de prévention"),
            ("6 %", "de surcoût de construction assumé", "Décompte du bailleur, 2021"),
            ("76", "logements assurés aux conditions ordinaires", "Assureur de la résidence"),
        ],
        "results_text": "<p>La crue de 2024 a mouillé les garages et onze entrées. Aucun relogement n’a été nécessaire, et l’assureur a maintenu ses tarifs.</p>",
        "costs": "Surcoût : 118 € HT par m² habitable, absorbé par un terrain cédé à prix minoré.",
        "partners": "Établissement public Loire\nBailleur départemental\nSapeurs-pompiers",
        "redo": "<p>Faire visiter le prototype inondé volontairement : on y croit quand on a vu sécher un mur.</p>",
        "avoid": "<p>Les portes de garage motorisées. Elles se bloquent, et l’on n’ouvre plus.</p>",
        "contact": "Service prévention des risques, Ville de Gien",
    },
]
