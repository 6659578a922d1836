"""`communique schema`: the keys that a release and a newsroom may have, for editors."""

from __future__ import annotations

import json

import click
from pydantic import BaseModel

from communique.front_matter import FrontMatter
from communique.newsroom_fields import NewsroomFields

MODELS: dict[str, type[BaseModel]] = {"release": FrontMatter, "newsroom": NewsroomFields}
DIALECT = "https://json-schema.org/draft/2020-12/schema"


@click.command()
@click.argument("what", type=click.Choice(list(MODELS)), default="release")
def schema(what: str) -> None:
    """Print the keys of a file for your editor.

    Prints the JSON Schema of a release's front matter, or of newsroom.yaml. An editor that knows
    YAML then offers the keys and explains them while you type.
    """
    document = {"$schema": DIALECT, **MODELS[what].model_json_schema()}
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))
