"""What the Harbour Council's releases are made of: parallel sentences in four languages.

The council, its harbours and its people are invented. `{n}` and `{m}` stand for numbers, `{place}`
for a harbour, `{person}` for a name.
"""

LANGUAGES = ("en", "es", "pt", "fr")
SERIES = {"en": "E", "es": "C", "pt": "P", "fr": "F"}

PLACES = ("Saltmere", "Puerto Alto", "Vila do Farol", "Havre-du-Nord", "Skerrywick", "Peñalara Mar")
PEOPLE = (
    "Inês Vasconcelos",
    "Bjørn Hallström",
    "Chloé Lefèvre",
    "Tomás Íñiguez",
    "Ada Merriweather",
)
COUNTRIES = ("CA", "CO", "FR", "PT", "BR", "ES", "US", "IS", "CI", "PE")

TOPICS: dict[str, tuple[str, str, str, str]] = {
    "fisheries": ("Fisheries", "Pesca", "Pesca", "Pêche"),
    "harbour-safety": (
        "Harbour safety",
        "Seguridad portuaria",
        "Segurança portuária",
        "Sécurité portuaire",
    ),
    "lighthouses": ("Lighthouses", "Faros", "Faróis", "Phares"),
    "shipping": ("Shipping", "Navegación", "Navegação", "Navigation"),
    "tides-and-weather": (
        "Tides and weather",
        "Mareas y meteorología",
        "Marés e meteorologia",
        "Marées et météorologie",
    ),
    "training": ("Training", "Formación", "Formação", "Formation"),
}

TITLES: tuple[tuple[str, str, str, str], ...] = (
    (
        "Harbour Council opens {n} berths in {place}",
        "El Consejo de Puertos abre {n} atraques en {place}",
        "Conselho dos Portos abre {n} berços em {place}",
        "Le Conseil des ports ouvre {n} postes à quai à {place}",
    ),
    (
        "Observers report on the season’s {n} landings in {place}",
        "Los observadores informan sobre los {n} desembarques de la temporada en {place}",
        "Observadores relatam os {n} desembarques da estação em {place}",
        "Les observateurs rendent compte des {n} débarquements de la saison à {place}",
    ),
    (
        'Council adopts "{place} declaration" with {n} votes',
        'El Consejo aprueba la "declaración de {place}" con {n} votos',
        'Conselho aprova a "declaração de {place}" com {n} votos',
        'Le Conseil adopte la "déclaration de {place}" par {n} voix',
    ),
    (
        "{person} to lead mission of {n} pilots to {place}",
        "{person} encabezará una misión de {n} prácticos a {place}",
        "{person} chefiará missão de {n} práticos a {place}",
        "{person} dirigera une mission de {n} pilotes à {place}",
    ),
    (
        "Secretary General welcomes agreement on {place} lighthouse",
        "La Secretaria General celebra el acuerdo sobre el faro de {place}",
        "Secretária-Geral saúda acordo sobre o farol de {place}",
        "La Secrétaire générale salue l'accord sur le phare de {place}",
    ),
    (
        "{n} harbour masters complete course on night signals",
        "{n} capitanes de puerto concluyen un curso de señales nocturnas",
        "{n} capitães de porto concluem curso de sinais noturnos",
        "{n} capitaines de port achèvent une formation aux signaux de nuit",
    ),
)

SUBTITLES: tuple[tuple[str, str, str, str], ...] = (
    (
        "Delegations from {n} harbours meet through Friday",
        "Delegaciones de {n} puertos se reúnen hasta el viernes",
        "Delegações de {n} portos reúnem-se até sexta-feira",
        "Les délégations de {n} ports se réunissent jusqu'à vendredi",
    ),
    (
        "First report is due within {n} weeks",
        "El primer informe se espera en {n} semanas",
        "Primeiro relatório é esperado em {n} semanas",
        "Le premier rapport est attendu d'ici {n} semaines",
    ),
)

SENTENCES: tuple[tuple[str, str, str, str], ...] = (
    (
        "The Harbour Council today opened a meeting of {n} delegations in {place}, where the rules "
        "for pilotage of the coming year are to be agreed.",
        "El Consejo de Puertos inauguró hoy en {place} una reunión de {n} delegaciones, en la que "
        "se acordarán las reglas de practicaje del próximo año.",
        "O Conselho dos Portos abriu hoje em {place} uma reunião de {n} delegações, na qual serão "
        "acordadas as regras de praticagem do próximo ano.",
        "Le Conseil des ports a ouvert aujourd'hui à {place} une réunion de {n} délégations, où "
        "seront convenues les règles de pilotage de l'année à venir.",
    ),
    (
        '{person}, who chairs the committee, said that the harbours had "never worked so closely '
        'together" and that the figures of the season spoke for themselves.',
        '{person}, que preside el comité, afirmó que los puertos "nunca habían trabajado tan '
        'unidos" y que las cifras de la temporada hablaban por sí solas.',
        '{person}, que preside o comitê, afirmou que os portos "nunca trabalharam tão unidos" e '
        "que os números da estação falavam por si.",
        "{person}, qui préside le comité, a déclaré que les ports n'avaient \"jamais travaillé "
        "aussi étroitement\" et que les chiffres de la saison parlaient d'eux-mêmes.",
    ),
    (
        "Of the {n} vessels inspected, {m} had all their papers in order; the others were given "
        "thirty days.",
        "De los {n} buques inspeccionados, {m} tenían todos sus documentos en regla; a los demás "
        "se les concedieron treinta días.",
        "Dos {n} navios inspecionados, {m} tinham todos os documentos em ordem; aos demais foram "
        "concedidos trinta dias.",
        "Sur les {n} navires inspectés, {m} avaient tous leurs papiers en règle ; les autres ont "
        "obtenu trente jours.",
    ),
    (
        "The mission, **independent of the harbours it visits**, will publish its conclusions "
        "before the winter tides.",
        "La misión, **independiente de los puertos que visita**, publicará sus conclusiones antes "
        "de las mareas de invierno.",
        "A missão, **independente dos portos que visita**, publicará suas conclusões antes das "
        "marés de inverno.",
        "La mission, **indépendante des ports qu'elle visite**, publiera ses conclusions avant les "
        "marées d'hiver.",
    ),
    (
        "Its {n} members travelled to {place} and to {m} smaller harbours along the coast, spoke "
        "with skippers, pilots and port authorities, and followed the work on the quays by day and "
        "by night.",
        "Sus {n} integrantes viajaron a {place} y a {m} puertos menores de la costa, conversaron "
        "con patrones, prácticos y autoridades portuarias, y siguieron el trabajo en los muelles "
        "de día y de noche.",
        "Seus {n} integrantes viajaram a {place} e a {m} portos menores da costa, conversaram com "
        "mestres, práticos e autoridades portuárias, e acompanharam o trabalho no cais de dia e de "
        "noite.",
        "Ses {n} membres se sont rendus à {place} et dans {m} ports plus petits de la côte, ont "
        "parlé avec des patrons, des pilotes et des autorités portuaires, et suivi le travail sur "
        "les quais de jour comme de nuit.",
    ),
    (
        "Details are in [the report of the working group](https://reports.example.org/{n}), which "
        "is open for comments until the end of the month.",
        "Los detalles figuran en [el informe del grupo de trabajo](https://reports.example.org/{n}"
        "), abierto a comentarios hasta fin de mes.",
        "Os detalhes constam do [relatório do grupo de trabalho](https://reports.example.org/{n}), "
        "aberto a comentários até o fim do mês.",
        "Les détails figurent dans [le rapport du groupe de travail](https://reports.example.org/"
        "{n}), ouvert aux observations jusqu'à la fin du mois.",
    ),
    (
        "“A lighthouse serves whoever passes,” {person} recalled; “that's why its costs have to be "
        "shared.”",
        "«Un faro sirve a quien pasa», recordó {person}; «por eso sus costos deben compartirse».",
        "“Um farol serve a quem passa”, lembrou {person}; “por isso seus custos precisam ser "
        "divididos”.",
        "« Un phare sert à quiconque passe », a rappelé {person} ; « c'est pourquoi ses coûts "
        "doivent être partagés ».",
    ),
    (
        "Since the first agreement was signed, the number of collisions in narrow channels has "
        "fallen by {n} per cent, and that of groundings by {m} per cent.",
        "Desde la firma del primer acuerdo, los abordajes en canales estrechos se redujeron un {n} "
        "por ciento, y las varadas, un {m} por ciento.",
        "Desde a assinatura do primeiro acordo, as colisões em canais estreitos caíram {n} por "
        "cento, e os encalhes, {m} por cento.",
        "Depuis la signature du premier accord, les abordages dans les chenaux étroits ont reculé "
        "de {n} pour cent, et les échouements de {m} pour cent.",
    ),
    (
        "The *night signals* course is held twice a year; {n} applications have been received for "
        "{m} places.",
        "El curso de *señales nocturnas* se imparte dos veces al año; se han recibido {n} "
        "solicitudes para {m} plazas.",
        "O curso de *sinais noturnos* é oferecido duas vezes por ano; foram recebidas {n} "
        "inscrições para {m} vagas.",
        "La formation aux *signaux de nuit* a lieu deux fois par an ; {n} candidatures ont été "
        "reçues pour {m} places.",
    ),
    (
        "Delegations thanked the people of {place} for their hospitality and agreed to meet again "
        "in the spring.",
        "Las delegaciones agradecieron la hospitalidad del pueblo de {place} y acordaron volver a "
        "reunirse en la primavera.",
        "As delegações agradeceram a hospitalidade do povo de {place} e combinaram voltar a se "
        "reunir na primavera.",
        "Les délégations ont remercié la population de {place} pour son hospitalité et sont "
        "convenues de se retrouver au printemps.",
    ),
    (
        "The budget of the fund, which stands at {n} million, covers dredging, buoys and the "
        "training of pilots.",
        "El presupuesto del fondo, de {n} millones, cubre el dragado, las boyas y la formación de "
        "los prácticos.",
        "O orçamento do fundo, de {n} milhões, cobre a dragagem, as boias e a formação dos "
        "práticos.",
        "Le budget du fonds, qui s'élève à {n} millions, couvre le dragage, les bouées et la "
        "formation des pilotes.",
    ),
    (
        "Skippers are asked to report drifting gear on channel {m}, by day and by night, and not "
        "to take it aboard themselves.",
        "Se ruega a los patrones que notifiquen las artes a la deriva en el canal {m}, de día y de "
        "noche, y que no las suban a bordo.",
        "Pede-se aos mestres que informem apetrechos à deriva no canal {m}, de dia e de noite, e "
        "que não os tragam a bordo.",
        "Les patrons sont priés de signaler les engins à la dérive sur le canal {m}, de jour comme "
        "de nuit, et de ne pas les remonter à bord.",
    ),
)

HEADINGS: tuple[tuple[str, str, str, str], ...] = (
    ("What was agreed", "Lo acordado", "O que foi acordado", "Ce qui a été convenu"),
    ("Next steps", "Próximos pasos", "Próximos passos", "Prochaines étapes"),
    ("Background", "Antecedentes", "Contexto", "Contexte"),
)

LIST_ITEMS: tuple[tuple[str, str, str, str], ...] = (
    (
        "{person}, harbour master of {place}",
        "{person}, capitanía de puerto de {place}",
        "{person}, capitania do porto de {place}",
        "{person}, capitainerie de {place}",
    ),
    (
        "{n} new buoys north of {place}",
        "{n} boyas nuevas al norte de {place}",
        "{n} boias novas ao norte de {place}",
        "{n} nouvelles bouées au nord de {place}",
    ),
    (
        "a tide gauge that reports every {m} minutes",
        "un mareógrafo que informa cada {m} minutos",
        "um marégrafo que informa a cada {m} minutos",
        "un marégraphe qui transmet toutes les {m} minutes",
    ),
    (
        "one **common** register of pilots",
        "un registro **común** de prácticos",
        "um registro **comum** de práticos",
        "un registre **commun** des pilotes",
    ),
)

TABLE_HEAD = (
    ("Harbour", "Arrivals", "Change"),
    ("Puerto", "Llegadas", "Variación"),
    ("Porto", "Chegadas", "Variação"),
    ("Port", "Arrivées", "Évolution"),
)

EARLIER = (
    "The matter was first raised in [an earlier release]({link}).",
    "El asunto se planteó por primera vez en [un comunicado anterior]({link}).",
    "O assunto foi levantado pela primeira vez em [um comunicado anterior]({link}).",
    "La question avait été soulevée dans [un communiqué antérieur]({link}).",
)

EVENTS = (
    ("Ordinary session of the Harbour Council", "Hall of Charts, quay 4, {place}"),
    ("Sesión ordinaria del Consejo de Puertos", "Salón de las Cartas, muelle 4, {place}"),
    ("Sessão ordinária do Conselho dos Portos", "Salão das Cartas, cais 4, {place}"),
    ("Session ordinaire du Conseil des ports", "Salle des cartes, quai 4, {place}"),
)

MONTHS = {
    "en": "January,February,March,April,May,June,July,August,September,October,November,December",
    "es": "enero,febrero,marzo,abril,mayo,junio,julio,agosto,septiembre,octubre,noviembre,"
    "diciembre",
    "pt": "janeiro,fevereiro,março,abril,maio,junho,julho,agosto,setembro,outubro,novembro,"
    "dezembro",
    "fr": "janvier,février,mars,avril,mai,juin,juillet,août,septembre,octobre,novembre,décembre",
}
LONG_DATES = {
    "en": "{month} {day}, {year}",
    "es": "{day} de {month} de {year}",
    "pt": "{day} de {month} de {year}",
    "fr": "{day} {month} {year}",
}

ORGANIZATION = ("Harbour Council", "Consejo de Puertos", "Conselho dos Portos", "Conseil des ports")
NEWSROOM = """\
organization:
  name:
    en: Harbour Council
    es: Consejo de Puertos
    pt: Conselho dos Portos
    fr: Conseil des ports
  short_name: {en: HC, es: CP, pt: CP, fr: CP}
  address: 4 Quay Street, Saltmere
  url: https://council.example.org
url: https://press.example.org
checks: {embargo-far-from-date: off}
time_zone: America/New_York
languages: [en, es, pt, fr]
paper: A4
reference: "{series}-{number:3}/{year:2}"
series:
  E: {kind: release, language: en}
  C: {kind: release, language: es}
  P: {kind: release, language: pt}
  F: {kind: release, language: fr}
  AVI: {kind: advisory, language: all}
topics:
%(topics)s
contacts:
  press:
    name:
      en: Press Office
      es: Oficina de Prensa
      pt: Assessoria de Imprensa
      fr: Bureau de la presse
    phone: +1-202-555-0140
    email: press@example.org
  pilots:
    name: {en: Pilots' Desk, es: Mesa de Prácticos, pt: Mesa dos Práticos, fr: Bureau des pilotes}
    phone: +1-202-555-0141
    email: pilots@example.org
default_contacts: [press, pilots]
boilerplate:
%(boilerplate)s
links:
  - label: {en: The Council, es: El Consejo, pt: O Conselho, fr: Le Conseil}
    url: https://council.example.org
"""
BOILERPLATE = (
    "The Harbour Council was founded in 1911 by nine harbours and has thirty-five members today. "
    "It keeps the common register of pilots, the lights of the outer coast, and the tide tables.",
    "El Consejo de Puertos fue fundado en 1911 por nueve puertos y cuenta hoy con treinta y cinco "
    "miembros. Lleva el registro común de prácticos, las luces de la costa exterior y las tablas "
    "de mareas.",
    "O Conselho dos Portos foi fundado em 1911 por nove portos e tem hoje trinta e cinco membros. "
    "Mantém o registro comum de práticos, as luzes da costa exterior e as tábuas de marés.",
    "Le Conseil des ports a été fondé en 1911 par neuf ports et compte aujourd'hui trente-cinq "
    "membres. Il tient le registre commun des pilotes, les feux de la côte et l'annuaire des "
    "marées.",
)
CONTACTS = (
    (("Press Office", "Pilots' Desk"), "Media contacts"),
    (("Oficina de Prensa", "Mesa de Prácticos"), "Contactos de prensa"),
    (("Assessoria de Imprensa", "Mesa dos Práticos"), "Contatos para a imprensa"),
    (("Bureau de la presse", "Bureau des pilotes"), "Contacts presse"),
)
CONTACT_ADDRESSES = (
    ("+1-202-555-0140", "press@example.org"),
    ("+1-202-555-0141", "pilots@example.org"),
)
