"""The JSON Schemas of the record files, made from the record classes, for editors that check while one types."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from publisher.records import model

FILES: dict[str, type[BaseModel]] = {
    "portfolio": model.Portfolio,
    "project": model.Project,
    "organisations": model.Organisations,
    "sources": model.Sources,
    "places": model.Places,
    "target-groups": model.TargetGroups,
    "decisions": model.Decisions,
}
"""Record class by the name of its schema, `{name}.schema.json`."""


def schema(name: str) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of one kind of file."""
    made = FILES[name].model_json_schema(mode="validation", by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **_relaxed(made)}


def _relaxed(node: Any) -> Any:
    """Let a bare value stand for a list of one or for an entry's main field, and numbers for texts.

    The reader takes both; an editor's YAML plug-in types `1` and `25` as numbers before it looks at the schema.
    """
    if isinstance(node, list):
        return [_relaxed(entry) for entry in node]
    if not isinstance(node, dict):
        return node
    made = {key: _relaxed(value) for key, value in node.items()}
    if made.get("const") == str(model.SCHEMA_VERSION):
        return {**made, "const": model.SCHEMA_VERSION, "type": "integer"}
    if made.get("type") == "string" and "format" not in made:
        made["type"] = ["string", "number"]
        if "enum" in made:
            made["enum"] = [*made["enum"], *(int(word) for word in made["enum"] if word.isdigit())]
    if made.get("type") == "array" and "items" in made:
        description = {key: made.pop(key) for key in ("title", "description", "default") if key in made}
        items = made["items"]
        single = items
        if "$ref" in items and items["$ref"].rsplit("/", 1)[-1] in ("EvidenceEntry", "TargetGroupUse"):
            single = {"anyOf": [items, {"type": ["string", "number"]}]}
            made["items"] = single
        return {**description, "anyOf": [made, single]}
    return made


def text(name: str) -> str:
    """Return a schema as the text of its file."""
    return json.dumps(schema(name), ensure_ascii=False, indent=2) + "\n"


def write(folder: Path) -> None:
    """Write all schemas to a folder: `python -m publisher.records.schema data/schema`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        (folder / f"{name}.schema.json").write_text(text(name), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
