"""Fetches files from Slack: only from Slack's own hosts, with the token only there, never more than allowed."""

import urllib.request
from http.client import HTTPMessage
from typing import IO
from urllib.parse import urlsplit

from core.errors import PersonFixableError
from integrations.slack.calls import TryLaterError, UnclearError

MOST_BYTES = 25 * 1024 * 1024
_HOSTS = ("slack.com", "slack-edge.com", "slack-files.com")
_TIMEOUT_S = 30


class FileRefusedError(PersonFixableError):
    """A file is not fetched: it is elsewhere, too large, or no file at all."""


class _NoToken(urllib.request.HTTPRedirectHandler):
    """Follows redirects without the token."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> urllib.request.Request | None:
        """The request for the new address, without the authorization of the old one."""
        if urlsplit(newurl).scheme not in ("https", urlsplit(req.full_url).scheme):
            raise FileRefusedError("The file is not served safely.")
        following = super().redirect_request(req, fp, code, msg, headers, newurl)
        if following is not None:
            following.remove_header("Authorization")
        return following


def download(url: str, token: str, *, api_url: str, most: int = MOST_BYTES) -> bytes:
    """The content of a file in Slack.

    Raises:
        FileRefusedError: another host than Slack's, too large, or a page to sign in instead of the file.
        TryLaterError: it cannot be reached now.
    """
    if not may_fetch(url, api_url):
        raise FileRefusedError("The file is not at Slack.")
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})
    opener = urllib.request.build_opener(_NoToken)
    try:
        with opener.open(request, timeout=_TIMEOUT_S) as answer:
            if "text/html" in answer.headers.get("Content-Type", ""):
                raise FileRefusedError("Slack shows a page to sign in: the app lacks the scope files:read.")
            content: bytes = answer.read(most + 1)
    except urllib.error.HTTPError as error:
        if error.code == 429 or error.code >= 500:
            raise TryLaterError("Slack does not hand the file out now.") from error
        raise FileRefusedError(f"Slack does not hand the file out ({error.code}).") from error
    except OSError as error:
        raise UnclearError("Slack cannot be reached for the file.") from error
    if len(content) > most:
        raise FileRefusedError("The file is too large.")
    return content


def may_fetch(url: str, api_url: str) -> bool:
    """Whether a file's address is one of Slack's, or of the stand-in that the Web API is set to."""
    wanted, api = urlsplit(url), urlsplit(api_url)
    host = wanted.hostname or ""
    if wanted.scheme == "https" and any(host == each or host.endswith(f".{each}") for each in _HOSTS):
        return True
    is_stand_in = not any((api.hostname or "").endswith(each) for each in _HOSTS)
    return is_stand_in and (wanted.scheme, wanted.hostname, wanted.port) == (api.scheme, api.hostname, api.port)
