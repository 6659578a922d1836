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
