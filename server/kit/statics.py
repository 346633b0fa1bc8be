"""What goes over the wire small: built files as the build compressed them, text while it is sent."""

from mimetypes import guess_type
from pathlib import Path
from typing import Any, Final

from litestar import HttpMethod, Request, route
from litestar.config.compression import CompressionConfig
from litestar.datastructures import Headers
from litestar.exceptions import NotFoundException
from litestar.middleware.compression import CompressionMiddleware
from litestar.response import File
from litestar.types import Message, Scope, Send

from server.kit.assets import BUILD

ENCODINGS: Final = {"br": ".br", "gzip": ".gz"}
"""What the build leaves beside a file (pwa/compressed.ts), the smallest first."""

FOR_EVER: Final = "public, max-age=31536000, immutable"
TEXT: Final = ("text/", "application/json", "application/manifest+json", "image/svg+xml")
TEXT_LEAST: Final = 1000
"""What is smaller fits into one packet anyway."""


def built(request: Request[Any, Any, Any], name: str, cache: str) -> File:
    """Return a file of the build, as small as the browser reads it; 404 where there is none."""
    path = (BUILD / name).resolve()
    if not path.is_relative_to(BUILD) or not path.is_file():
        raise NotFoundException
    headers = {"Cache-Control": cache, "Vary": "Accept-Encoding"}
    asked, sent = request.headers.get("accept-encoding", ""), path
    for encoding, ending in ENCODINGS.items():
        smaller = path.with_name(path.name + ending)
        if encoding in asked and smaller.is_file():
            headers["Content-Encoding"], sent = encoding, smaller
            break
    return File(
        sent,
        filename=path.name,
        media_type=guess_type(path.name)[0],
        content_disposition_type="inline",
        headers=headers,
    )


@route(
    "/static/build/{name:path}",
    http_method=[HttpMethod.GET, HttpMethod.HEAD],
    sync_to_thread=False,
    include_in_schema=False,
)
def build(request: Request[Any, Any, Any], name: Path) -> File:
    """Return a file whose name changes with its content: it is asked for once."""
    return built(request, name.as_posix().lstrip("/"), FOR_EVER)


class TextCompression(CompressionMiddleware):
    """Compresses pages and data; pictures, sheets and built files are small already."""

    def create_compression_send_wrapper(
        self, send: Send, compression_encoding: str, scope: Scope
    ) -> Send:
        """Return a `send` that looks at an answer's head before it decides."""
        compress = super().create_compression_send_wrapper
        chosen = send

        async def choose(message: Message) -> None:
            nonlocal chosen
            if message["type"] == "http.response.start" and _is_plain_text(message["headers"]):
                chosen = compress(send, compression_encoding, scope)
            await chosen(message)

        return choose


def _is_plain_text(raw: Any) -> bool:
    headers = Headers(raw)
    kind = headers.get("content-type", "")
    return kind.startswith(TEXT) and "content-encoding" not in headers


# No brotli: it wants a package of its own for a tenth of a page.
COMPRESSION: Final = CompressionConfig(
    backend="gzip",
    gzip_compress_level=6,
    minimum_size=TEXT_LEAST,
    middleware_class=TextCompression,
)
