"""A first text for the page of each région: code, address, summary, presentation."""

# ruff: noqa: E501 - a text is read better on its one line
REGIONS: list[tuple[str, str, str, str]] = [
    (
        "84",
        "auvergne-rhone-alpes",
        "Des friches de la vallée du Gier aux villages de pente, douze départements et autant de climats.",
        "Deux journées par an alternent plaine et montagne. Les sujets du moment : construire sur d’anciens sols industriels, desservir les coteaux sans voiture, garder la fraîcheur dans les fonds de vallée.",
    ),
    (
        "27",
        "bourgogne-franche-comte",
        "Des villes moyennes qui réparent leur centre avant d’étendre leurs bords.",
        "Ici, la vacance du bâti ancien occupe les esprits autant que la forêt voisine. Les ateliers portent sur le bois local, la réhabilitation des faubourgs et le maintien des commerces de pied d’immeuble.",
    ),
    (
        "53",
        "bretagne",
        "L’eau de pluie, le bocage et les bourgs : une région d’expériences courtes et bien racontées.",
        "Le groupe se retrouve trois fois l’an, toujours sur un chantier. On y parle gestion des averses à la parcelle, lotissements sans impasse, et liaisons cyclables jusqu’à la gare.",
    ),
    (
        "24",
        "centre-val-de-loire",
        "Habiter avec la Loire, entre levées, varennes et centres-bourgs.",
        "Les communes riveraines partagent leurs relevés de crue et leurs plans de rez-de-chaussée. Un groupe s’attache aux terres maraîchères que la ville pourrait encore épargner.",
    ),
    (
        "94",
        "corse",
        "Deux villes, beaucoup de villages, et l’ombre comme première ressource.",
        "L’animation se fait entre Ajaccio, Bastia et Corte, souvent par visioconférence. Les citernes, les murs épais et les vallons laissés libres y retrouvent leur rôle.",
    ),
    (
        "44",
        "grand-est",
        "D’anciennes filatures aux vergers périurbains, de l’Ardenne à la plaine du Rhin.",
        "La région réunit trois réseaux d’autrefois ; leurs membres se répartissent les visites. Réseaux de chaleur, cœurs d’îlot rendus au jardin et berges accessibles reviennent à chaque ordre du jour.",
    ),
    (
        "32",
        "hauts-de-france",
        "Cités minières, courées et faubourgs : la réhabilitation comme terrain d’invention.",
        "On compare ici les coûts d’isolation par mètre carré de brique et l’on visite des logements habités pendant les travaux. La reconquête des canaux ouvre un second chantier commun.",
    ),
    (
        "11",
        "ile-de-france",
        "Densifier sans étouffer, réemployer sur place, rouvrir les rivières.",
        "Quarante communes et plusieurs établissements d’aménagement participent. Les échanges vont du réemploi des matériaux à la trame noire, en passant par les copropriétés fragiles des abords de gare.",
    ),
    (
        "28",
        "normandie",
        "Vent d’ouest, terre crue et ports en mutation.",
        "Le réseau normand s’appuie sur des artisans de la bauge et sur les agences d’urbanisme. Reconstruire après l’érosion côtière figure désormais au programme de chaque réunion.",
    ),
    (
        "75",
        "nouvelle-aquitaine",
        "La plus vaste des régions réunit littoral, vignoble et moyenne montagne.",
        "Trois antennes se relaient pour que personne n’ait plus de deux heures de route. Casernes reconverties, quartiers posés sur le marais, écoles productrices d’électricité : les cas ne manquent pas.",
    ),
    (
        "76",
        "occitanie",
        "Chaleur, vent et manque d’eau obligent à penser la rue autrement.",
        "Les membres tiennent ensemble un carnet de l’ombre : essences, treilles, revêtements clairs. La lagune et les causses y apportent des réponses opposées, ce qui fait de bonnes discussions.",
    ),
    (
        "52",
        "pays-de-la-loire",
        "Coopératives, bocage et bras morts : l’habitat s’y invente à plusieurs.",
        "Les montages participatifs sont une habitude régionale. Le groupe suit aussi la qualité des eaux de baignade en ville et les haies plantées aux entrées d’agglomération.",
    ),
    (
        "93",
        "provence-alpes-cote-d-azur",
        "De la mer aux cols, apprendre à rafraîchir sans climatiser.",
        "Boucles d’eau marine, canaux d’irrigation rouverts, inertie des vieilles casernes : chaque réunion part d’une mesure prise en août. Le risque d’incendie aux lisières complète le programme.",
    ),
    (
        "01",
        "guadeloupe",
        "Ventiler naturellement, planter, s’abriter ensemble.",
        "La DEAL anime un groupe ouvert aux bailleurs et aux paysagistes de l’archipel. Persiennes, jardins créoles et circulation de l’air donnent la matière des prochaines fiches.",
    ),
    (
        "02",
        "martinique",
        "L’alizé comme architecte, la solidarité de voisinage comme équipement.",
        "Les collectivités y travaillent sur les coursives exposées à l’est et sur les refuges utilisables pendant un cyclone. Une visite annuelle se fait avec l’école d’architecture.",
    ),
    (
        "03",
        "guyane",
        "Bâtir vite pour une population jeune, sans perdre la forêt.",
        "La direction générale des territoires et de la mer réunit Cayenne, Matoury et l’Ouest. Bois certifiés de proximité et passerelles au-dessus des criques sont les deux chantiers ouverts.",
    ),
    (
        "04",
        "la-reunion",
        "Des ravines libres, du soleil sur les toits, des cases qui respirent.",
        "L’île fut l’une des premières à mesurer le confort sans machine. Ses quartiers servent aujourd’hui de référence aux autres territoires chauds, et le groupe reçoit volontiers.",
    ),
    (
        "06",
        "mayotte",
        "Reconstruire, amener l’eau, former sur le chantier.",
        "Les rencontres se tiennent alternativement à Mamoudzou et à Koungou. Brique de terre comprimée, cheminements en pente et mangrove replantée y avancent de front.",
    ),
]
