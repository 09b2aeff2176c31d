"""An example for every schema of the OpenAPI document, made from the schema itself so that it cannot go stale."""

import re
from collections.abc import Mapping
from typing import Any

BY_FORMAT = {
    "date-time": "2026-11-22T19:30:00+08:00",
    "date": "2026-11-22",
    "time": "19:30:00",
    "uuid": "0192f0c1-5b1e-7c3a-9d8e-2f6a1b4c7d90",
    "binary": "",
    "url": "https://gongyun.example/",
}
BY_NAME = {
    "code": "081XyZ", "title": "茶艺师（初级）", "name": "岩温",
    "phone": "138****0001", "id_number": "5308**********0000", "body": "您已报上“茶艺师（初级）”。",
    "account": "simao", "password": "………………", "access_token": "eyJ…", "refresh_token": "r1.…",
    "link": "/bookings", "reason": "场地检修",
}  # fmt: skip
PATTERNED = ("482913", "0192f0c1-5b1e-7c3a", "13800000001", "530802")
DEEPEST = 6


def example_of(schema: Mapping[str, Any], schemas: Mapping[str, Any], name: str = "", depth: int = 0) -> Any:
    """A value that fits the schema; `schemas` are the document's components."""
    if "$ref" in schema:
        target = schema["$ref"].rsplit("/", 1)[-1]
        return example_of(schemas[target], schemas, name, depth + 1) if depth < DEEPEST else {}
    for given in ("example", "const", "default"):
        if given in schema:
            return schema[given]
    if schema.get("examples"):
        return schema["examples"][0]
    for several in ("allOf", "anyOf", "oneOf"):
        if several in schema:
            return example_of(schema[several][0], schemas, name, depth)
    if schema.get("enum"):
        return schema["enum"][0]
    return _of_type(schema, schemas, name, depth)


def _of_type(schema: Mapping[str, Any], schemas: Mapping[str, Any], name: str, depth: int) -> Any:
    kinds = schema.get("type", "object" if "properties" in schema else "string")
    kind = kinds if isinstance(kinds, str) else next((each for each in kinds if each != "null"), "null")
    match kind:
        case "object":
            fields = schema.get("properties", {})
            sent = {key: each for key, each in fields.items() if each.get("not") != {}}
            return {key: example_of(each, schemas, key, depth + 1) for key, each in sent.items()}
        case "array":
            return [example_of(schema.get("items", {}), schemas, name, depth + 1)] if depth < DEEPEST else []
        case "integer" | "number":
            return max(1, schema.get("minimum", 1))
        case "boolean":
            return True
        case "string":
            return BY_FORMAT.get(schema.get("format", "")) or _text(schema, name)
    return None


def _text(schema: Mapping[str, Any], name: str) -> str:
    if "pattern" in schema:
        return next((each for each in PATTERNED if re.search(schema["pattern"], each)), "")
    text = str(BY_NAME.get(name, "文字"))
    return text[: schema.get("maxLength", len(text))].ljust(schema.get("minLength", 0), "字")
