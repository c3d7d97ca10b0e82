"""How answers are written: JSON with an ETag, 304 where the client has it already."""

import hashlib
import json
from typing import Any

from fastapi import Request, Response

Json = dict[str, Any]


def json_answer(body: Any, *, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A JSON response, without another pass over what is plain already."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Response(text.encode(), status_code=status, media_type="application/json", headers=headers)


def tagged(request: Request, body: Any, version: int | None = None) -> Response:
    """A JSON response with its ETag, a hash with the record's version in front; 304 when the client names it."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    digest = hashlib.sha256(text).hexdigest()[:16]
    etag = f'"{digest}"' if version is None else f'"{version}-{digest}"'
    headers = {
        "ETag": etag,
        "Cache-Control": "private, no-cache",
        "Vary": "Authorization, Cookie, Accept-Language",
    }
    if etag in (each.strip() for each in request.headers.get("if-none-match", "").split(",")):
        return Response(status_code=304, headers=headers)
    return Response(text, media_type="application/json", headers=headers)


def documented(schema: str, text: str, status: int = 200) -> dict[int | str, Any]:
    """The entry of `responses` for a JSON body of this schema."""
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {status: {"description": text, "content": content}}


def object_answer(text: str, status: int = 200) -> dict[int | str, Any]:
    """The entry of `responses` for some JSON object."""
    return {status: {"description": text, "content": {"application/json": {"schema": {"type": "object"}}}}}
