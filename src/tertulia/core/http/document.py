"""The OpenAPI 3.1 document, corrected where Litestar's guess and what is really done differ.

Shapes come from msgspec, which also decodes and encodes them: constraints inside lists, refused
unknown fields and tagged unions are then as documented. Every operation lists the problems that
any address may answer.
"""

from collections.abc import Iterator, Mapping
from typing import Any, cast, get_args, get_origin

import msgspec
from litestar import Litestar, Response
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from tertulia.core.http.problem import PROBLEM_JSON, Problem

Json = dict[str, Any]
Examples = Mapping[str, Json]

PROBLEMS = {
    400: "The request does not have the right shape",
    401: "No session, or it ended",
    403: "Not allowed, or not from our own page",
    404: "Does not exist, or is not yours to see",
    409: "The thing is in the wrong state",
    413: "Too large",
    415: "Not JSON",
    429: "Too many requests",
    500: "Our fault",
    503: "Not right now",
}


def openapi_document(api: Litestar, examples: Examples | None = None) -> Json:
    """`examples` are `{request, response, status}` by `METHOD /path/{of}/names`."""
    document = cast("Json", msgspec.to_builtins(api.openapi_schema.to_schema()))
    operations = list(_operations(api, document))
    _put_shapes(document, operations)
    _put_problems(document, [operation for operation, _ in operations])
    _put_names(operations)
    _put_examples(document, examples or {})
    return document


def _operations(api: Litestar, document: Json) -> Iterator[tuple[Json, HTTPRouteHandler]]:
    for route in api.routes:
        if not isinstance(route, HTTPRoute):
            continue
        item = cast("Json", document["paths"].get(route.path_format or "/", {}))
        for handler in route.route_handlers:
            for method in handler.http_methods:
                if method.lower() in item:
                    yield item[method.lower()], handler


def _put_shapes(document: Json, operations: list[tuple[Json, HTTPRouteHandler]]) -> None:
    places: list[Json] = []
    kinds: list[Any] = [Problem]
    for operation, handler in operations:
        data = handler.parsed_fn_signature.parameters.get("data")
        if data is not None and "application/json" in operation["requestBody"]["content"]:
            places.append(operation["requestBody"]["content"]["application/json"])
            kinds.append(data.raw)
        answer = operation["responses"].get(str(handler.status_code), {})
        kind = _answered(handler.parsed_fn_signature.return_type.raw)
        if kind is None:
            answer.pop("content", None)
        elif "application/json" in answer.get("content", {}):
            places.append(answer["content"]["application/json"])
            kinds.append(kind)
    template = "#/components/schemas/{name}"
    schemas, shapes = msgspec.json.schema_components(kinds, ref_template=template)
    for place, schema in zip(places, schemas[1:], strict=True):
        place["schema"] = schema
    document.setdefault("components", {}).setdefault("schemas", {}).update(shapes)


def _answered(kind: Any) -> Any:
    """`Response[Message]` answers a Message."""
    origin = get_origin(kind) or kind
    if isinstance(origin, type) and issubclass(origin, Response):
        kind = (get_args(kind) or (Any,))[0]
    return None if kind is type(None) else kind


def _put_names(operations: list[tuple[Json, HTTPRouteHandler]]) -> None:
    """Stable for ever, whatever becomes of the paths: generated clients call by them."""
    for operation, handler in operations:
        operation["operationId"] = handler.handler_name


def _put_examples(document: Json, examples: Examples) -> None:
    for path, item in document["paths"].items():
        for method, operation in cast("Json", item).items():
            example = examples.get(f"{method.upper()} {path}")
            if example is None:
                continue
            body = operation.get("requestBody", {}).get("content", {}).get("application/json")
            if body is not None and example["request"] is not None:
                body["example"] = example["request"]
            answer = operation["responses"].get(str(example["status"]), {})
            content = answer.get("content", {}).get("application/json")
            if content is not None and example["response"] is not None:
                content["example"] = example["response"]


def _put_problems(document: Json, operations: list[Json]) -> None:
    """What a route says about a status itself is kept, but for Litestar's own idea of a 400."""
    content = {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    document["components"]["responses"] = {
        f"Problem{status}": {"description": description, "content": content}
        for status, description in PROBLEMS.items()
    }
    for operation in operations:
        responses = cast("Json", operation["responses"])
        responses.pop("400", None)
        for status in PROBLEMS:
            reference = {"$ref": f"#/components/responses/Problem{status}"}
            responses.setdefault(str(status), reference)
