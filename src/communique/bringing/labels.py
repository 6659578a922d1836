"""The words around a release in four languages: what is no text of it, and what names a part."""

from __future__ import annotations

LETTERHEAD = frozenset(
    {"media center", "media centre", "press center", "press centre", "press room", "newsroom"}
    | {"news", "press release", "news release", "media advisory", "press office"}
    | {"for immediate release", "centro de medios", "centro de noticias", "centro de prensa"}
    | {"sala de prensa", "comunicado de prensa", "nota de prensa", "boletín de prensa"}
    | {"aviso de prensa", "aviso a los medios", "oficina de prensa"}
    | {"para publicación inmediata", "para divulgación inmediata", "centro de mídia"}
    | {"centro de imprensa", "centro de notícias", "sala de imprensa", "comunicado de imprensa"}
    | {"nota de imprensa", "nota à imprensa", "aviso de pauta", "assessoria de imprensa"}
    | {"para divulgação imediata", "para publicação imediata", "centre de presse"}
    | {"centre des médias", "centre médias", "salle de presse", "communiqué de presse"}
    | {"avis aux médias", "service de presse", "pour diffusion immédiate"}
    | {"pour publication immédiate"}
)
"""Lines that stand above a release and are no text of it."""
REFERENCE = r"reference|ref|referencia|referência|référence|réf|number|número|numéro|n[oº°]|no"
DATE = r"date|fecha|data"
PLACE = r"place|lugar|local|lieu"
EMBARGO = r"embargo(?:ed)?|embargad[oa]|sous embargo"
END_MARKS = frozenset({"-30-", "– 30 –", "- 30 -", "###", "# # #", "***", "* * *", "-end-", "end"})
"""What stands under a text to say that it ends there."""
