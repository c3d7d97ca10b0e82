"""The page and its assets, from the installed package. Every address of the page gives the same document."""

import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cache
from gzip import compress
from importlib.resources import files

from fastapi import APIRouter, Request, Response

from api.errors import NoSuchThingError

router = APIRouter(include_in_schema=False)

# Addresses that the page itself takes apart.
PAGES = (
    "/", "/sign-in", "/chat", "/chat/{rest:path}", "/today", "/board", "/forecast", "/audit", "/approvals",
    "/admin", "/admin/{rest:path}", "/records/{rest:path}",
)  # fmt: skip
_TYPES = {".js": "text/javascript", ".css": "text/css", ".html": "text/html", ".json": "application/json"}
_COMPRESSED = frozenset({".js", ".css", ".html", ".json", ".svg"})


@dataclass(frozen=True, slots=True)
class _Asset:
    body: bytes
    packed: bytes
    media_type: str
    etag: str


@router.get("/assets/{path:path}")
def asset(request: Request, path: str) -> Response:
    """A script, style, picture or table of words of the page."""
    found = _assets().get(path)
    if found is None:
        raise NoSuchThingError("There is no such file.")
    return _answer(request, found)


@router.get("/favicon.ico")
def favicon(request: Request) -> Response:
    """The icon, for browsers that ask at the usual place."""
    return _answer(request, _assets()["icon.svg"])


def page(request: Request) -> Response:
    """The document; its script shows what the address names."""
    return _answer(request, _assets()["index.html"])


for _path in PAGES:
    router.add_api_route(_path, page, methods=["GET"])


def _answer(request: Request, found: _Asset) -> Response:
    headers = {"ETag": found.etag, "Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
    if found.etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if found.packed and "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(found.packed, media_type=found.media_type, headers=headers)
    return Response(found.body, media_type=found.media_type, headers=headers)


@cache
def _assets() -> dict[str, _Asset]:
    root = files("api").joinpath("web")
    found: dict[str, _Asset] = {}
    folders = [("", root)]
    while folders:
        prefix, folder = folders.pop()
        for entry in folder.iterdir():
            name = f"{prefix}{entry.name}"
            if entry.is_dir():
                folders.append((f"{name}/", entry))
            else:
                found[name] = _asset(name, entry.read_bytes())
    return found


def _asset(name: str, body: bytes) -> _Asset:
    suffix = f".{name.rsplit('.', 1)[-1]}"
    media_type = _TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    packed = compress(body, 9, mtime=0) if suffix in _COMPRESSED else b""
    return _Asset(body, packed, media_type, f'"{hashlib.sha256(body).hexdigest()[:20]}"')
