"""The document as one page of plain HTML: no script, nothing from elsewhere, CSP as everywhere."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any, cast

import msgspec

from tertulia.core.errors import AppError

Json = dict[str, Any]

METHODS = ("get", "post", "put", "patch", "delete")

STYLE = """
:root { color-scheme: light dark; --line: light-dark(#ddd5c8, #3b3733);
  --quiet: light-dark(#6b645b, #a59d92); }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
  background: light-dark(#f8f4ee, #1c1a18); color: light-dark(#26221d, #ece6dd); }
code, pre { font: 0.875em/1.5 ui-monospace, monospace; }
pre { overflow-x: auto; }
details { border-top: 1px solid var(--line); padding: 0.5rem 0; }
summary { cursor: pointer; }
summary b { display: inline-block; min-width: 4.5rem; }
dt { margin-top: 0.5rem; }
dd, p { color: var(--quiet); margin-inline-start: 1.5rem; }
"""


def render(document: Json, errors: Sequence[type[AppError]], examples: Mapping[str, Json]) -> str:
    """`examples` as in `openapi_document`; those of socket commands have no method."""
    title = escape(document["info"]["title"])
    return "".join(
        (
            '<!doctype html><html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f'<title>{title}</title><link rel="stylesheet" href="/api/docs/style.css">',
            "</head><body>",
            f"<h1>{title} <code>{escape(document['info']['version'])}</code></h1>",
            '<p>Machines read <a href="/api/openapi.json">openapi.json</a>. Every address may also',
            ' answer a <a href="#schema-Problem">Problem</a>.</p><h2>Addresses</h2>',
            *_operations(document, examples),
            *_commands(examples),
            "<h2>Shapes</h2>",
            *_schemas(document),
            "<h2>Errors</h2>",
            *map(_error, errors),
            "</body></html>",
        )
    )


def _error(kind: type[AppError]) -> str:
    return (
        f'<p id="{escape(kind.code)}"><code>{kind.status} {escape(kind.code)}</code>'
        f" {escape(kind.title)}</p>"
    )


def _operations(document: Json, examples: Mapping[str, Json]) -> Iterator[str]:
    for path, item in sorted(document.get("paths", {}).items()):
        for method in METHODS:
            if method in item:
                example = examples.get(f"{method.upper()} {path}")
                yield _operation(method, path, item[method], example)


def _commands(examples: Mapping[str, Json]) -> Iterator[str]:
    commands = {verb: example for verb, example in examples.items() if " " not in verb}
    if commands:
        yield "<h2>Commands by socket</h2>"
    for verb, example in sorted(commands.items()):
        yield (
            f"<details><summary><b>emit</b> <code>{escape(verb)}</code></summary>"
            f"{_example(example)}</details>"
        )


def _example(example: Json | None) -> str:
    """What was asked of a running node, and what it answered."""
    if example is None:
        return ""
    parts = [("sent", example["request"]), (f"→ {example['status']}", example["response"])]
    shown = (
        f"<dt><code>{title}</code></dt><dd><pre>{escape(_pretty(value))}</pre></dd>"
        for title, value in parts
        if value is not None
    )
    return f"<p>Example</p><dl>{''.join(shown)}</dl>"


def _pretty(value: Any) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()


def _operation(method: str, path: str, operation: Json, example: Json | None) -> str:
    rows = [
        _row(f"{parameter['name']} <small>{parameter['in']}</small>", parameter.get("schema", {}))
        for parameter in operation.get("parameters", ())
    ]
    rows += [_row("body", schema) for schema in _contents(operation.get("requestBody", {}))]
    for status, response in sorted(operation["responses"].items()):
        if "$ref" not in response:
            shapes = list(_contents(response))
            rows += [_row(f"→ {status}", schema) for schema in shapes or [{}]]
    words = escape(operation.get("description") or operation.get("summary") or "")
    return (
        f"<details><summary><b>{method.upper()}</b> <code>{escape(path)}</code></summary>"
        f"<p>{words}</p><dl>{''.join(rows)}</dl>{_example(example)}</details>"
    )


def _contents(part: Json) -> Iterator[Json]:
    for content in part.get("content", {}).values():
        yield content.get("schema", {})


def _row(term: str, schema: Json) -> str:
    return f"<dt><code>{term}</code></dt><dd>{_shape(schema)}</dd>"


def _schemas(document: Json) -> Iterator[str]:
    for name, schema in sorted(document.get("components", {}).get("schemas", {}).items()):
        required = schema.get("required", ())
        rows = (
            _row(escape(field) + ("" if field in required else "?"), inner)
            for field, inner in schema.get("properties", {}).items()
        )
        anchor = escape(f"schema-{name}")
        words = escape(schema.get("description") or "")
        title = escape(schema.get("title") or name)
        yield (
            f'<details id="{anchor}"><summary><b>{title}</b></summary>'
            f"<p>{words}</p><dl>{''.join(rows)}</dl></details>"
        )


def _shape(schema: Json) -> str:
    if "$ref" in schema:
        name = escape(schema["$ref"].rpartition("/")[2])
        return f'<a href="#schema-{name}">{name.rpartition("_")[2] or name}</a>'
    for key in ("oneOf", "anyOf", "allOf"):
        if key in schema:
            return " or ".join(_shape(inner) for inner in cast("list[Json]", schema[key]))
    if schema.get("type") == "array":
        return f"list of {_shape(schema.get('items', {}))}"
    if "enum" in schema:
        return " or ".join(f"<code>{escape(str(value))}</code>" for value in schema["enum"])
    if "const" in schema:
        return f"<code>{escape(str(schema['const']))}</code>"
    kind = schema.get("format") or schema.get("type", "")
    words = " or ".join(cast("list[str]", kind)) if isinstance(kind, list) else str(kind)
    limits = [f"{key} {schema[key]}" for key in LIMITS if key in schema]
    return escape(", ".join([words, *limits]))


LIMITS = ("minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems", "pattern")
