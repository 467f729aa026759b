"""The HTTP application: routes come in as an argument, everything else is the same for all."""

import warnings
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, cast

from litestar import Litestar, Request, Response
from litestar.di import Provide
from litestar.exceptions import LitestarDeprecationWarning
from litestar.openapi.config import OpenAPIConfig
from litestar.types import ASGIApp, ControllerRouterHandler

from tertulia.core.clock import Clock
from tertulia.core.errors import AppError
from tertulia.core.http.body import StrictRequest
from tertulia.core.http.docs import Docs
from tertulia.core.http.document import Examples
from tertulia.core.http.edge import Edge
from tertulia.core.http.info import RequestInfo, request_info
from tertulia.core.http.operations import operations
from tertulia.core.http.options import honest_options
from tertulia.core.http.problem import PROBLEM_JSON, Translate, answer_to
from tertulia.core.http.readiness import Readiness
from tertulia.core.http.serial import resolve_in_a_row
from tertulia.core.http.settings import HttpSettings
from tertulia.core.http.static import StaticFiles, index_files
from tertulia.core.ids import Ids
from tertulia.core.telemetry import Telemetry


def no_translation(_error: Exception) -> AppError | None:
    return None


def create_app(
    *,
    routes: Sequence[ControllerRouterHandler],
    settings: HttpSettings,
    telemetry: Telemetry,
    readiness: Readiness,
    clock: Clock,
    ids: Ids,
    dependencies: Mapping[str, Provide] | None = None,
    translate: Translate = no_translation,
    static_dir: Path | None = None,
    kept_assets: Path | None = None,
    mounts: Mapping[str, ASGIApp] | None = None,
    options: Mapping[str, Mapping[str, str]] | None = None,
    examples: Callable[[], Examples] = dict,
    lifespan: Sequence[Callable[[Litestar], AbstractAsyncContextManager[None]]] = (),
) -> Edge:
    """Put an ASGI application together; `routes` have their paths in full (`/api/v1/…`).

    A route that declares `info: RequestInfo` gets it. `translate` turns foreign errors, such as
    those of a database that is away, into ours. `static_dir` is the built web client, and
    `kept_assets` what `keep_assets` kept of earlier builds. `mounts` are other ASGI applications
    by path prefix; they get the same headers, ids, CSRF guard and metrics but for the time they
    take. `options` are headers that OPTIONS tells of an address besides what is allowed there.
    `examples` go into the API's document.
    """
    with warnings.catch_warnings():
        # `actor: Actor` instead of `actor: NamedDependency[Actor]`: gone in Litestar 3, shorter
        # until then; pyproject keeps us on 2.
        warnings.simplefilter("ignore", LitestarDeprecationWarning)
        api = Litestar(
            route_handlers=list(routes),
            dependencies={
                "info": Provide(_provide_info, sync_to_thread=False),
                **(dependencies or {}),
            },
            exception_handlers={Exception: _problem_handler(translate)},
            request_class=StrictRequest,
            request_max_body_size=settings.max_body,
            lifespan=list(lifespan),
            # Its own routes lie outside /api, where the edge never sends anybody; see docs.py.
            openapi_config=OpenAPIConfig(
                title=settings.title, version=settings.version, path="/-", render_plugins=()
            ),
            logging_config=None,
            debug=False,
            pdb_on_exception=False,
        )
    resolve_in_a_row(api)
    inside: dict[str, ASGIApp] = {
        **operations(readiness, telemetry, settings.operations_token),
        "/api": honest_options(cast("ASGIApp", api), options or {}),
        "/media": honest_options(cast("ASGIApp", api), options or {}),
        **Docs(api, examples).apps(),
        "/": StaticFiles({} if static_dir is None else index_files(static_dir, kept_assets)),
        **(mounts or {}),
    }
    return Edge(
        inside,
        lifespan=cast("ASGIApp", api),
        mounts=tuple(mounts or ()),
        settings=settings,
        telemetry=telemetry,
        clock=clock,
        ids=ids,
        translate=translate,
    )


def _provide_info(request: Request[Any, Any, Any]) -> RequestInfo:
    return request_info(request)


def _problem_handler(
    translate: Translate,
) -> Callable[[Request[Any, Any, Any], Exception], Response[bytes]]:
    def handle(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
        answer = answer_to(error, request_info(request).request_id, translate)
        return Response(
            answer.body,
            status_code=answer.status,
            headers=answer.headers,
            media_type=PROBLEM_JSON,
        )

    return handle
