"""`communique schema`: the keys, for editors that know JSON Schema."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from communique.front_matter import FrontMatter
from communique.newsroom_fields import NewsroomFields
from tests.office import Office


@pytest.mark.parametrize(
    ("arguments", "model"),
    [
        (["schema"], FrontMatter),
        (["schema", "release"], FrontMatter),
        (["schema", "newsroom"], NewsroomFields),
    ],
)
def test_schema_explains_every_key(
    tmp_path: Path, arguments: list[str], model: type[FrontMatter] | type[NewsroomFields]
) -> None:
    ran = Office(tmp_path).run(*arguments)

    document = json.loads(ran.out)
    assert ran.code == 0
    assert document["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert set(document["properties"]) == set(model.model_fields)
    assert all(key.get("description") for key in document["properties"].values())
    assert document["additionalProperties"] is False
