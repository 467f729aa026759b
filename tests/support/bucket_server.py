"""A process of its own: moto's S3 twice, bare and behind our check. Prints both ports."""

import json
import logging
import sys
import threading

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from tests.support.strict_s3 import StrictS3
from werkzeug.serving import make_server


def main() -> None:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    moto = DomainDispatcherApplication(create_backend_app)
    servers = [make_server("127.0.0.1", 0, app, threaded=True) for app in (moto, StrictS3(moto))]
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    print(json.dumps([server.port for server in servers]), flush=True)
    sys.stdin.read()  # until our parent is gone


main()
