"""The routes of each noun: list with filters and cursor, and read; `changes` adds those that write."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.answers import documented, tagged
from api.callers import Reader, served
from api.errors import NoSuchThingError
from api.records.changes import add_changes
from api.records.listing import Wanted, list_records
from api.records.plain import record_as_json
from api.records.resources import path_of, schema_name, writable
from crm_store.nouns import Noun
from crm_store.query import readable
from crm_store.schema import NOUNS

Filters = Annotated[
    list[str],
    Query(
        description="All must hold, as people write them: `owner = me`, `amount > 150k`, `close_date = Q2`.",
        max_length=20,
        examples=[["owner = me", "status = open"]],
    ),
]
Sort = Annotated[
    str,
    Query(max_length=60, description="A field; with `-` in front, descending. By default the name."),
]
Limit = Annotated[int, Query(ge=1, le=200, description="Records a page.")]
Cursor = Annotated[str, Query(max_length=4000, description="`next` of the page before.")]
Also = Annotated[
    str,
    Query(max_length=300, description="Derived values to add, separated by commas: `days_silent,status`."),
]
Count = Annotated[bool, Query(description="Whether to say how many there are in all.")]


def records_router() -> APIRouter:
    """The routes of all nouns."""
    router = APIRouter()
    for noun in NOUNS.values():
        _add_reads(router, noun)
        if writable(noun.kind):
            add_changes(router, noun)
    return router


def _add_reads(router: APIRouter, noun: Noun) -> None:
    kind, path, name = noun.kind, f"/v1/{path_of(noun.kind)}", schema_name(noun.kind)
    label, tag = noun.label.en, path_of(noun.kind)

    def list_them(
        request: Request,
        caller: Reader,
        filter: Filters = [],  # noqa: B006
        sort: Sort = "",
        limit: Limit = 50,
        cursor: Cursor = "",
        also: Also = "",
        count: Count = False,
    ) -> Response:
        names = tuple(each.strip() for each in also.split(",") if each.strip())
        wanted = Wanted(kind, tuple(filter), sort.strip(), limit, cursor, names, count)
        return tagged(request, list_records(served(request), caller, wanted))

    def read_one(request: Request, caller: Reader, id: str) -> Response:
        with served(request).store.unit_of_work(caller.principal, writes=False) as uow:
            record = uow.find(kind, id) if readable(uow, kind) and "\x00" not in id else None
            if record is None:
                raise NoSuchThingError(f"There is no such {label}.", zh=f"没有这条{noun.label.zh}。")
            body = record_as_json(uow, kind, record)
            body["may_write"] = writable(kind) and uow.may_write(kind, record)
        return tagged(request, body, body["version"])

    router.add_api_route(
        path, list_them, methods=["GET"], tags=[tag], summary=f"List {label} records",
        operation_id=f"list_{kind}", responses=documented(f"{name}Page", "A page."),
    )  # fmt: skip
    router.add_api_route(
        f"{path}/{{id}}", read_one, methods=["GET"], tags=[tag], summary=f"Read a {label}",
        operation_id=f"read_{kind}",
        responses={**documented(name, "The record."), 304: {"description": "The client has this version."}},
    )  # fmt: skip
