"""The release that the program was asked for: its facts stand in every form of it."""

from __future__ import annotations

import pytest

from tests.site.newsrooms import Published
from tests.site.test_documents import squeezed, text_of
from tests.site.test_feeds import content_of, items

IN_EVERY_LANGUAGE = (
    *("26", "ICT4Peace", "MinTIC", "CICTE", "Diego Molano Vega", "Neil Klopfenstein"),
    *("Daniel Stauffacher", "Carmen Sylvain", "Ian Gill", "Michele Markoff", "20"),
)
LANGUAGES = {"E": "en", "C": "es", "P": "pt", "F": "fr"}
IN_ITS_LANGUAGE = {
    "E": (
        *("Bogotá, Colombia", "November 18, 2014", "Thursday, November 20, 2014"),
        *("Inter-American Committee against Terrorism", "Canada", "Department of State"),
        *("United States", "British Embassy", "policymakers and diplomats of the Americas"),
    ),
    "C": (
        *("Bogotá, Colombia", "18 de noviembre de 2014", "jueves, 20 de noviembre de 2014"),
        *("Comité Interamericano contra el Terrorismo", "Canadá", "Departamento de Estado"),
        *("Estados Unidos", "Embajada británica", "diplomáticos de las Américas"),
    ),
    "P": (
        *("Bogotá, Colômbia", "18 de novembro de 2014", "quinta-feira, 20 de novembro de 2014"),
        *("Comitê Interamericano contra o Terrorismo", "Canadá", "Departamento de Estado"),
        *("Estados Unidos", "Embaixada britânica", "diplomatas das Américas"),
    ),
    "F": (
        *("Bogotá, Colombie", "18 novembre 2014", "jeudi 20 novembre 2014"),
        *("Comité interaméricain contre le terrorisme", "Canada", "département d’État"),
        *("États-Unis", "ambassade britannique", "diplomates des Amériques"),
    ),
}
ON_PAPER_AND_PAGE = {
    "E": ("Media Center", "Press Release", "E-502/14", "Organization of American States"),
    "C": ("Centro de Noticias", "Comunicado de prensa", "C-502/14"),
    "P": ("Centro de mídia", "Nota à imprensa", "P-502/14"),
    "F": ("Centre des médias", "Communiqué de presse", "F-502/14"),
}
OTHER_RELEASES = {
    "E-029/14": ("Montenegro", "Liechtenstein", "January 31, 2014", "three months", "Honduras"),
    "E-100/14": ("22", "11", "1", "Nicaragua", "Venezuela", "Photo gallery", "March 21, 2014"),
    "E-209/14": ("Asunción", "by acclamation", "thirteen", "June 3–5", "May 23, 2014"),
    "E-427/14": ("OC-21/14", "October 29", "2015–2016", "Argentina", "Uruguay"),
    "AVI-030/14/en": (
        *("Press Advisory", "Monday, March 10, 2014", "10:00 EDT (14:00 GMT)", "What", "When"),
        *("15:00 EST (20:00 GMT)", "Simón Bolívar Hall", "Where"),
    ),
    "AVI-030/14/es": (
        *("Aviso de prensa", "lunes, 10 de marzo de 2014", "10:00 EDT (14:00 GMT)", "Qué"),
        *("Cuándo", "Dónde", "Salón Simón Bolívar"),
    ),
    "P-056/22": (
        *("55", "17", "Rubén Ramírez Lezcano", "15 estados", "Distrito Federal", "Porto"),
        *("Miami", "Washington", "2 de outubro", "23 de setembro de 2022", "Paraguai"),
    ),
}
SAMPLE_NOTICES = ("sample built from public facts", "muestra", "amostra", "exemple")


@pytest.mark.parametrize("series", LANGUAGES)
def test_page_pdf_and_feed_carry_the_facts_in_each_language(sample: Published, series: str) -> None:
    address = f"{series}-502/14/"
    page = squeezed(sample.page(f"{address}index.html").text_content())
    pdf = text_of(sample.read(f"{address}{series}-502-14.pdf"))
    (item,) = [
        squeezed(content_of(each).text_content())
        for each in items(sample.read(f"{LANGUAGES[series]}/feed.xml"))
        if each.findtext("link") == sample.url + address
    ]

    facts = (*IN_EVERY_LANGUAGE, *IN_ITS_LANGUAGE[series])
    for form, expected in {
        page: (*facts, *ON_PAPER_AND_PAGE[series]),
        pdf: (*facts, *ON_PAPER_AND_PAGE[series], f"{sample.url}{address}"),
        item: facts,
    }.items():
        assert [each for each in expected if squeezed(each) not in form] == []


@pytest.mark.parametrize("release", OTHER_RELEASES)
def test_page_and_pdf_carry_the_facts_of_the_other_releases(
    sample: Published, release: str
) -> None:
    main = sample.page(f"{release}/index.html").find(".//main")
    (pdf,) = (sample.build / release).glob("*.pdf")

    assert main is not None
    for form in (squeezed(main.text_content()), text_of(pdf.read_bytes())):
        missing = [each for each in OTHER_RELEASES[release] if squeezed(each) not in form]
        assert missing == []


def test_every_page_and_pdf_says_that_it_is_a_sample(sample: Published) -> None:
    notices = [squeezed(each) for each in SAMPLE_NOTICES]
    texts = {path: squeezed(sample.page(path).text_content()) for path in sample.pages}
    texts |= {path: text_of(sample.read(path)) for path in sample.pdfs}

    assert [path for path, text in texts.items() if not any(n in text for n in notices)] == []
