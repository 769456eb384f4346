"""The few endpoints of the service's API that the action uses, on this machine."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


@dataclass
class Service:
    """``comments`` by number; ``asked`` is every request. ``refuses`` answers writing with 403."""

    url: str = ""
    comments: dict[int, str] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    refuses: bool = False


@contextmanager
def serve() -> Iterator[Service]:
    """A service that is up until the block ends."""
    service = Service()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self, code: int, data: Any) -> None:
            text = json.dumps(data).encode()
            self.send_response(code)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def _body(self) -> str:
            given = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            return str(given["body"])

        def _noted(self) -> bool:
            service.asked.append((self.command, self.path))
            if self.headers["Authorization"] != "Bearer a token":
                self._answer(401, {"message": "Bad credentials"})
                return False
            return True

        def do_GET(self) -> None:
            if not self._noted():
                return
            page = int(self.path.rpartition("page=")[2])
            numbers = sorted(service.comments)[(page - 1) * 100 : page * 100]
            self._answer(200, [{"id": number, "body": service.comments[number]} for number in numbers])

        def do_POST(self) -> None:
            if not self._noted():
                return
            text = self._body()
            if service.refuses:
                self._answer(403, {"message": "Resource not accessible by integration"})
                return
            assert self.path == "/repos/shop/shop/issues/7/comments"
            service.comments[len(service.comments) + 1] = text
            self._answer(201, {"id": len(service.comments)})

        def do_PATCH(self) -> None:
            if not self._noted():
                return
            number = int(self.path.removeprefix("/repos/shop/shop/issues/comments/"))
            service.comments[number] = self._body()
            self._answer(200, {"id": number})

        def log_message(self, *_arguments: Any) -> None:
            """Keep still."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
