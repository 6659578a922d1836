"""Words of four languages that the rules know, where Babel has none."""

from __future__ import annotations

from collections.abc import Mapping


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


COMMON: Mapping[str, frozenset[str]] = {
    "en": _words(
        "the of and to is was are were that with from this which have has will been their its by "
        "for at it on not they"
    ),
    "es": _words(
        "el los las y en del con por una su sus es fue son que al lo más esta este también ha han "
        "desde sobre hasta"
    ),
    "pt": _words(
        "o os as e em do da dos das no na nos nas com uma um seu sua é foi são que ao pelo pela "
        "mais não também à pelos"
    ),
    "fr": _words(
        "le les et des du une est sont dans pour par sur qui que avec aux au ce cette ces ont été "
        "ses son leur plus"
    ),
}
"""Words that make up a third of most texts."""
LABELS: Mapping[str, frozenset[str]] = {
    "en": frozenset(
        {"what", "when", "where", "who", "how", "contact", "contacts", "press contact"}
        | {"media contact", "for immediate release", "media advisory", "press release"}
        | {"background", "note to editors", "notes to editors", "about us", "date", "place", "time"}
        | {"reference", "more information", "for more information", "opening session"}
    ),
    "es": frozenset(
        {"qué", "cuándo", "dónde", "quién", "quiénes", "cómo", "contacto", "contactos"}
        | {"contacto de prensa", "para publicación inmediata", "aviso de prensa"}
        | {
            "aviso a los medios",
            "comunicado de prensa",
            "antecedentes",
            "contexto",
            "nota a los editores",
        }
        | {"acerca de nosotros", "fecha", "lugar", "hora", "referencia", "más información"}
        | {"para más información", "sesión inaugural"}
    ),
    "pt": frozenset(
        {"o quê", "o que", "quando", "onde", "quem", "como", "contato", "contatos", "contacto"}
        | {"contato de imprensa", "contacto de imprensa", "para divulgação imediata"}
        | {"aviso de pauta", "comunicado de imprensa", "antecedentes", "contexto", "hora", "lugar"}
        | {"nota aos editores", "sobre nós", "data", "local", "referência", "mais informações"}
        | {"para mais informações", "sessão de abertura"}
    ),
    "fr": frozenset(
        {"quoi", "quand", "où", "qui", "comment", "contact", "contacts", "contact presse"}
        | {"contact de presse", "pour diffusion immédiate", "avis aux médias", "contexte"}
        | {"communiqué de presse", "note aux rédactions", "note aux éditeurs", "date", "lieu"}
        | {"heure", "référence", "plus d’informations", "pour plus d’informations"}
        | {"à propos de nous", "séance d’ouverture"}
    ),
}
"""Headings, and what stands before a colon."""
ORDINARY = frozenset({"data", "local", "comment", "place", "como"})
"""Labels of one language that are words of another as well."""
MAY_BE_TWICE: Mapping[str, frozenset[str]] = {
    "en": frozenset({"had", "that", "is", "very", "no"}),
    "es": frozenset({"no", "muy", "sí", "cuanto"}),
    "pt": frozenset({"não", "muito", "se", "sim"}),
    "fr": frozenset({"nous", "vous", "non", "très", "oui"}),
}
"""Words that may stand twice in a row."""
RELATIVE: Mapping[str, Mapping[str, int]] = {
    "en": {"today": 0, "tomorrow": 1, "yesterday": -1},
    "es": {"hoy": 0, "mañana": 1, "ayer": -1},
    "pt": {"hoje": 0, "amanhã": 1, "ontem": -1},
    "fr": {"aujourd’hui": 0, "aujourd'hui": 0, "demain": 1, "hier": -1},
}
"""Words for a day → how far it is from today."""
TITLES: frozenset[str] = _words(
    "secretary secretaria secretario secretaire general geral generale president presidente "
    "presidenta minister ministro ministra ministre deputy ambassador embajador embajadora "
    "embaixador embaixadora ambassadeur ambassadrice director directora diretor diretora directeur "
    "directrice mayor alcalde alcaldesa prefeito prefeita maire commission comision comissao "
    "council consejo conselho conseil counsel ministry ministerio governor gobernador governador "
    "assistant executive executivo ejecutivo doctor doctora dr dra sr sra mr mrs ms mme don dona "
    "dom sir lady judge juez juiz juge chair chairman relator rapporteur fiscal policia publica"
)
"""Titles and offices, folded: they stand beside many names, and are forms of one another."""


def _numbers(text: str) -> Mapping[str, int]:
    """Read ``word number`` pairs."""
    words = text.split()
    return dict(zip(words[::2], map(int, words[1::2]), strict=True))


NUMBER_WORDS: Mapping[str, Mapping[str, int]] = {
    "en": _numbers(
        "one 1 two 2 three 3 four 4 five 5 six 6 seven 7 eight 8 nine 9 ten 10 eleven 11 twelve 12 "
        "thirteen 13 fourteen 14 fifteen 15 sixteen 16 seventeen 17 eighteen 18 nineteen 19 "
        "twenty 20 thirty 30 forty 40 fifty 50 sixty 60 seventy 70 eighty 80 ninety 90 hundred 100 "
        "thousand 1000 million 1000000 dozen 12 both 2 once 1 twice 2 first 1 second 2 third 3 "
        "fourth 4 fifth 5 sixth 6 seventh 7 eighth 8 ninth 9 tenth 10 noon 12 midnight 0"
    ),
    "es": _numbers(
        "un 1 una 1 uno 1 dos 2 tres 3 cuatro 4 cinco 5 seis 6 siete 7 ocho 8 nueve 9 diez 10 "
        "once 11 doce 12 trece 13 catorce 14 quince 15 dieciséis 16 diecisiete 17 dieciocho 18 "
        "diecinueve 19 veinte 20 veintiún 21 veintiuno 21 veintiuna 21 veintidós 22 veintitrés 23 "
        "veinticuatro 24 veinticinco 25 veintiséis 26 veintisiete 27 veintiocho 28 veintinueve 29 "
        "treinta 30 cuarenta 40 cincuenta 50 sesenta 60 setenta 70 ochenta 80 noventa 90 cien 100 "
        "ciento 100 mil 1000 millón 1000000 docena 12 ambos 2 ambas 2 primer 1 primera 1 primero 1 "
        "segundo 2 segunda 2 tercer 3 tercera 3 tercero 3 cuarto 4 cuarta 4 quinto 5 quinta 5 "
        "sexto 6 sexta 6 séptimo 7 séptima 7 octavo 8 octava 8 noveno 9 novena 9 décimo 10 "
        "décima 10 mediodía 12 medianoche 0"
    ),
    "pt": _numbers(
        "um 1 uma 1 dois 2 duas 2 três 3 quatro 4 cinco 5 seis 6 sete 7 oito 8 nove 9 dez 10 "
        "onze 11 doze 12 treze 13 quatorze 14 catorze 14 quinze 15 dezesseis 16 dezasseis 16 "
        "dezessete 17 dezassete 17 dezoito 18 dezenove 19 dezanove 19 vinte 20 trinta 30 "
        "quarenta 40 cinquenta 50 sessenta 60 setenta 70 oitenta 80 noventa 90 cem 100 cento 100 "
        "mil 1000 milhão 1000000 dúzia 12 ambos 2 ambas 2 primeiro 1 primeira 1 segundo 2 "
        "segunda 2 terceiro 3 terceira 3 quarto 4 quarta 4 quinto 5 quinta 5 sexto 6 sexta 6 "
        "sétimo 7 sétima 7 oitavo 8 oitava 8 nono 9 nona 9 décimo 10 décima 10 meio-dia 12 "
        "meia-noite 0"
    ),
    "fr": _numbers(
        "un 1 une 1 deux 2 trois 3 quatre 4 cinq 5 six 6 sept 7 huit 8 neuf 9 dix 10 onze 11 "
        "douze 12 treize 13 quatorze 14 quinze 15 seize 16 dix-sept 17 dix-huit 18 dix-neuf 19 "
        "vingt 20 trente 30 quarante 40 cinquante 50 soixante 60 soixante-dix 70 quatre-vingts 80 "
        "quatre-vingt 80 quatre-vingt-dix 90 cent 100 mille 1000 million 1000000 douzaine 12 "
        "quinzaine 15 vingtaine 20 trentaine 30 quarantaine 40 cinquantaine 50 centaine 100 "
        "millier 1000 premier 1 première 1 deuxième 2 second 2 seconde 2 troisième 3 quatrième 4 "
        "cinquième 5 sixième 6 septième 7 huitième 8 neuvième 9 dixième 10 midi 12 minuit 0"
    ),
}
"""Words that may say in one language what is a number in another."""
SCALES: Mapping[str, Mapping[str, int]] = {
    "en": _numbers("thousand 1000 million 1000000 billion 1000000000 trillion 1000000000000"),
    "es": _numbers(
        "mil 1000 millón 1000000 millones 1000000 billón 1000000000000 billones 1000000000000"
    ),
    "pt": _numbers(
        "mil 1000 milhão 1000000 milhões 1000000 bilhão 1000000000 bilhões 1000000000 "
        "trilhão 1000000000000 trilhões 1000000000000"
    ),
    "fr": _numbers(
        "mille 1000 million 1000000 millions 1000000 milliard 1000000000 "
        "milliards 1000000000 billion 1000000000000 billions 1000000000000"
    ),
}
"""What may stand behind a number, and how much more it is then."""
