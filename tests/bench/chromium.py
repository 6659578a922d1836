"""Print every sheet of a folder with one warm page of Chromium: `chromium.py FOLDER`.

Tagged PDFs, but neither PDF/A nor PDF/UA: Chromium writes no such metadata.
"""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.bench.programs import browser

with sync_playwright() as playwright:
    chromium = playwright.chromium.launch(executable_path=browser(), args=["--no-sandbox"])
    page = chromium.new_page()
    for sheet in sorted(Path(sys.argv[1]).glob("*.html")):
        page.goto(sheet.as_uri())
        page.pdf(
            path=sheet.with_suffix(".pdf"),
            prefer_css_page_size=True,
            print_background=True,
            tagged=True,
        )
    chromium.close()
