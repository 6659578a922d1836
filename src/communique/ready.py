"""What a process imports that is to render: it begins with that before there is anything to render.

What comes in: nothing. What goes out: warm imports, which all processes share that are forked from
this one (`communique.processes.make_ready`). Nothing imports this module by a statement.
"""

from __future__ import annotations

from contextlib import suppress

import communique.rendering  # noqa: F401  # for what it draws in
from communique.pdf_libraries import PdfUnavailableError
from communique.pdf_writer import load_weasyprint

with suppress(PdfUnavailableError):  # which the first PDF will say in its own place
    load_weasyprint()
