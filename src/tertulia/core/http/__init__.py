"""HTTP for anybody who brings routes: problems, ids, guards, headers, the web client's files.

Knows no product. `create_app` puts it together; a route asks for `info: RequestInfo`.
"""

from tertulia.core.http.app import create_app
from tertulia.core.http.assets import keep_assets
from tertulia.core.http.info import RequestInfo, request_info
from tertulia.core.http.readiness import Check, Readiness
from tertulia.core.http.settings import HttpSettings

__all__ = [
    "Check",
    "HttpSettings",
    "Readiness",
    "RequestInfo",
    "create_app",
    "keep_assets",
    "request_info",
]
