"""Serve an explorer to the browser of this machine, and to nobody else."""

from __future__ import annotations

import json
import secrets
import socket
import webbrowser
from contextlib import suppress
from typing import TYPE_CHECKING

from likeliest.errors import DataError, MissingExtraError, ParameterError
from likeliest.explorer import module

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from likeliest.explorer.explorer import Explorer

_HOST = "127.0.0.1"
_HOSTS = {_HOST, "localhost", "[::1]"}  # what a browser may have called us
_TOKEN = "x-likeliest-token"  # noqa: S105  (the name of the header)
_LARGEST = 65_536  # bytes of a request
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def require_server() -> None:
    """Refuse, before the long work, where Starlette or uvicorn is not installed.

    Raises
    ------
    MissingExtraError
    """
    try:
        import starlette  # noqa: F401
        import uvicorn  # noqa: F401
    except ImportError:
        raise MissingExtraError(
            "The explorer needs Starlette and uvicorn: pip install 'likeliest[explore]'."
        ) from None


def serve(explorer: Explorer, port: int = 0, *, open_browser: bool = True) -> None:
    """Serve the explorer until Ctrl-C; see `Explorer.serve`."""
    require_server()
    import uvicorn

    listening = _listening(port)
    token = secrets.token_urlsafe(24)
    # A fragment is not sent in requests, so that the token stands in no log.
    address = f"http://{_HOST}:{listening.getsockname()[1]}/#{token}"
    print(f"exploring {explorer.title} at {address}\nCtrl-C ends it.", flush=True)  # noqa: T201
    if open_browser:
        webbrowser.open(address)
    settings = uvicorn.Config(
        app_of(explorer, token), log_level="error", timeout_graceful_shutdown=1, lifespan="off"
    )
    with listening, suppress(KeyboardInterrupt):
        uvicorn.Server(settings).run(sockets=[listening])


def _listening(port: int) -> socket.socket:
    # Only where the protocol is named does asyncio send at once; else an answer waits some 40 ms.
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((_HOST, port))
        made.listen()
    except (OSError, OverflowError) as error:
        made.close()
        reason = getattr(error, "strerror", None) or str(error)
        raise DataError(
            f"Port {port} cannot be used: {reason}. Name another, or 0 for a free one."
        ) from None
    return made


def app_of(explorer: Explorer, token: str) -> Starlette:
    """Return the application: the page, its script and style, and the answers to who has the token.

    Examples
    --------
    >>> import likeliest as lk
    >>> from starlette.testclient import TestClient
    >>> app = app_of(lk.explore([2.1, 1.9, 3.4]), "token")
    >>> TestClient(app, base_url="http://127.0.0.1").post("/ask", json={"kind": "open"}).status_code
    403
    """
    from starlette.applications import Starlette
    from starlette.concurrency import run_in_threadpool
    from starlette.middleware import Middleware
    from starlette.responses import JSONResponse, PlainTextResponse, Response
    from starlette.routing import Route

    async def ask(request: Request) -> Response:
        given = request.headers.get(_TOKEN, "")
        if not secrets.compare_digest(given.encode(), token.encode()):
            return PlainTextResponse("The token is missing or wrong.", 403)
        body = await _body(request)
        if body is None:
            return PlainTextResponse("The request is too long.", 413)
        try:
            asked = json.loads(body)
            if not isinstance(asked, dict):
                raise ParameterError("A request is an object.")
            return JSONResponse(await run_in_threadpool(explorer.ask, asked))
        except (ValueError, RecursionError) as error:
            return PlainTextResponse(f"The request cannot be read: {error}", 400)

    def text(content: str, kind: str) -> Route:
        path = {"text/html": "/", "text/javascript": "/explorer.js", "text/css": "/explorer.css"}

        async def answer(_: Request) -> Response:
            return Response(content, media_type=kind)

        return Route(path[kind], answer)

    return Starlette(
        routes=[
            text(module.page(), "text/html"),
            text(module.script(), "text/javascript"),
            text(module.style(), "text/css"),
            Route("/ask", ask, methods=["POST"]),
        ],
        middleware=[Middleware(_Guard)],
    )


async def _body(request: Request) -> bytes | None:
    """Return what was sent, or None where it is longer than any request of the page."""
    parts = bytearray()
    async for part in request.stream():
        parts += part
        if len(parts) > _LARGEST:
            return None
    return bytes(parts)


class _Guard:
    """Refuses who calls this machine by another name, and adds the headers that confine the page.

    A page elsewhere whose name was made to lead to this machine (DNS rebinding) sends that name.

    Parameters
    ----------
    app : ASGI application
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        from starlette.datastructures import Headers, MutableHeaders
        from starlette.responses import PlainTextResponse

        async def confined(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        if scope["type"] != "http":
            return
        host = Headers(scope=scope).get("host", "")
        name = host.rpartition(":")[0] if not host.endswith("]") and ":" in host else host
        if name not in _HOSTS:
            await PlainTextResponse("Called by another name.", 403)(scope, receive, confined)
            return
        await self.app(scope, receive, confined)
