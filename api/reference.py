"""Writes `docs/api.md` from the OpenAPI document."""

from collections import defaultdict
from typing import Any

from api.app import api_document
from api.description import ABOUT
from crm_store.tokens import SCOPES

_EXAMPLES = """## Examples

```
dealhand serve                                                   # http://127.0.0.1:8420
export TOKEN=$(dealhand tokens create dashboard --as marcus@northstar.example \\
               --scope read --scope write --scope chat)

curl -H "Authorization: Bearer $TOKEN" -G localhost:8420/v1/deals \\
     -d 'filter=owner = me' -d 'filter=status = open' -d sort=-amount -d also=days_silent -d limit=20
curl -H "Authorization: Bearer $TOKEN" -X PATCH localhost:8420/v1/deals/ID -H 'If-Match: "3"' \\
     -H 'Idempotency-Key: 7c1f' -H 'Content-Type: application/json' -d '{"next_step": "Send the contract"}'
curl -H "Authorization: Bearer $TOKEN" -N localhost:8420/v1/chat \\
     -H 'Content-Type: application/json' -d '{"text": "What is my open pipeline?"}'
```

- A list gives `items`, the `names` of what they point to, and `next`, the cursor of the next page (or empty).
- A change names its version (`If-Match`: the record's ETag or `"version"`): 428 without, 412 if outdated.
- A change that needs a yes gets 202 with its `approval`; `POST /v1/approvals/ID {"yes": true}` does it.
- Every change answers with `changes` (before → after) and an `undo` handle for `POST /v1/undo`.
- Errors are `application/problem+json`: `type`, `title`, `status`, `detail`, where it helps `field`, `choices`,
  `candidates` or an `incident` that finds it in the log.
- Webhooks in and out follow the Standard Webhooks scheme: `webhook-id`, `webhook-timestamp`, `webhook-signature`
  (`v1,` and the HMAC-SHA256 of `id.timestamp.body` in base64).
"""


def api_page() -> str:
    """The whole page."""
    document = api_document()
    lines = [
        "# HTTP API",
        "",
        "This page is made from the OpenAPI document, which a server gives at `/v1/openapi.json`.",
    ]
    lines += ["", ABOUT.strip(), "", "## Scopes of a token", "", "| scope | may |", "|---|---|"]
    lines += [f"| `{name}` | {text} |" for name, text in SCOPES.items()]
    lines += ["", _EXAMPLES.strip(), "", "## Routes", ""]
    for tag, rows in sorted(_by_tag(document).items()):
        lines += [f"### {tag}", "", "| route | scope | what it does |", "|---|---|---|", *rows, ""]
    return "\n".join(lines)


def _by_tag(document: dict[str, Any]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            scope = f"`{operation['x-scope']}`" if "x-scope" in operation else ""
            row = f"| `{method.upper()} {path}` | {scope} | {operation.get('summary', '')} |"
            found[operation["tags"][0]].append(row)
    return found
