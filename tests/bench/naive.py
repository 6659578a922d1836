"""Print every sheet of a folder with WeasyPrint in a loop, as its manual begins.

`naive.py FOLDER`. One process; nothing is shared between documents but what WeasyPrint shares.
"""

import sys
from pathlib import Path

from weasyprint import HTML

VARIANT = "pdf/a-2a"
"""Tagged and archivable: what communique writes, but for what it adds to claim PDF/UA as well."""

for sheet in sorted(Path(sys.argv[1]).glob("*.html")):
    HTML(filename=str(sheet)).write_pdf(str(sheet.with_suffix(".pdf")), pdf_variant=VARIANT)
