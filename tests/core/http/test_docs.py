"""The document tells all that a route may answer, and can be read without anybody's help."""

import re
from typing import Any

import httpx

STATUSES = {"400", "401", "403", "404", "409", "413", "415", "429", "500", "503"}


async def document(client: httpx.AsyncClient) -> dict[str, Any]:
    answer = await client.get("/api/openapi.json")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    return answer.json()


async def test_it_is_openapi_31_and_names_every_route(client: httpx.AsyncClient) -> None:
    api = await document(client)
    assert api["openapi"].startswith("3.1")
    assert set(api["paths"]["/api/v1/things/{thing_id}"]) == {"post", "patch"}
    body = api["paths"]["/api/v1/things/{thing_id}"]["post"]["requestBody"]["content"]
    reference = body["application/json"]["schema"]["$ref"]
    make = api["components"]["schemas"][reference.rpartition("/")[2]]
    assert make["required"] == ["text"]
    assert make["properties"]["text"]["maxLength"] == 20
    assert make["additionalProperties"] is False  # C4
    assert make["properties"]["members"]["items"] == {"type": "integer", "minimum": 0}


async def test_it_tells_what_comes_back(client: httpx.AsyncClient) -> None:
    api = await document(client)
    answer = api["paths"]["/api/v1/things/{thing_id}"]["post"]["responses"]["201"]
    schema = answer["content"]["application/json"]["schema"]
    assert schema == {"$ref": "#/components/schemas/Thing"}
    thing = api["components"]["schemas"]["Thing"]
    assert thing["properties"]["id"] == {"type": "string", "format": "uuid"}
    assert "additionalProperties" not in thing  # E5: fields are added


async def test_every_route_documents_every_problem(client: httpx.AsyncClient) -> None:
    api = await document(client)
    operations = [operation for path in api["paths"].values() for operation in path.values()]
    assert operations
    for operation in operations:
        assert set(operation["responses"]) >= STATUSES
    for response in api["components"]["responses"].values():
        assert set(response["content"]) == {"application/problem+json"}
    assert "ValidationException" not in str(api)


async def test_routes_need_no_declaring_of_what_we_inject(client: httpx.AsyncClient) -> None:
    api = await document(client)
    parameters = api["paths"]["/api/v1/things/{thing_id}"]["post"]["parameters"]
    assert [parameter["name"] for parameter in parameters] == ["thing_id"]


async def test_the_page_needs_nothing_from_elsewhere(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/docs")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "script" not in answer.text
    assert "style=" not in answer.text
    loaded = re.findall(r'(?:src|href)="([^"#]+)"', answer.text)
    assert loaded == ["/api/docs/style.css", "/api/openapi.json"]
    style = await client.get("/api/docs/style.css")
    assert style.headers["content-type"] == "text/css; charset=utf-8"


async def test_the_page_shows_routes_shapes_and_where_they_meet(client: httpx.AsyncClient) -> None:
    page = (await client.get("/api/docs")).text
    assert "<b>POST</b> <code>/api/v1/things/{thing_id}</code>" in page
    assert "maxLength 20" in page
    links = set(re.findall(r'href="#([^"]+)"', page))
    anchors = set(re.findall(r'id="([^"]+)"', page))
    assert links
    assert links <= anchors
    assert {"not_found", "invalid", "internal"} <= anchors  # what a problem's `type` points at


async def test_litestars_own_pages_are_out_of_reach(client: httpx.AsyncClient) -> None:
    for path in ("/-", "/-/openapi.json", "/schema", "/api/schema", "/api/docs/x"):
        assert (await client.get(path)).status_code == 404
