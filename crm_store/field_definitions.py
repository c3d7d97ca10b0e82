"""A company's own fields: defining one, and those that someone may know of; `custom_fields` has their table."""

import re
from collections.abc import Sequence

from core.errors import InvalidArgumentError
from crm_store.custom_fields import CUSTOM_TYPES, CustomField
from crm_store.principals import Role
from crm_store.schema import NOUNS
from crm_store.unit_of_work import UnitOfWork

# What a company may add fields to: the records that people talk about.
KINDS = ("account", "contact", "lead", "deal", "interaction", "task", "ticket", "product")
MOST_CHOICES = 50
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_ROLES = tuple(role.value for role in Role if role not in (Role.ADMIN, Role.SYSTEM))


def add_field(
    uow: UnitOfWork,
    kind: str,
    name: str,
    field_type: str,
    *,
    label_en: str = "",
    label_zh: str = "",
    choices: Sequence[str] = (),
    hidden_from: Sequence[str] = (),
) -> CustomField:
    """Defines a field, usable at once in tools, filters, import and export; the caller commits.

    Raises:
        InvalidArgumentError: the kind, name, type, choices or roles cannot be; the message says what can.
        NotPermittedError: the asker is no admin.
    """
    _one_of("kind", kind, KINDS)
    _one_of("type", field_type, CUSTOM_TYPES)
    for role in hidden_from:
        _one_of("role", role, _ROLES)
    if not _NAME.fullmatch(name):
        raise InvalidArgumentError(
            f"“{name}” cannot be a field's name: use small letters, digits and _, such as renewal_risk.",
            argument="name",
        )
    _check_choices(field_type, choices)
    values = {
        "kind": kind,
        "name": name,
        "type": field_type,
        "label_en": label_en.strip() or name.replace("_", " "),
        "label_zh": label_zh.strip(),
        "choices": list(choices),
        "hidden_from": list(hidden_from),
    }
    created: CustomField = uow.create("field", values)
    _check_unused(uow, created)
    uow.session.info.pop("custom_fields", None)
    return created


def list_own_fields(uow: UnitOfWork, kind: str = "") -> list[CustomField]:
    """The company's own fields of one kind (empty: of all) that the asker may know of.

    Raises:
        InvalidArgumentError: there is no such kind.
    """
    if kind:
        _one_of("kind", kind, KINDS)
    visible = (each for each in uow.all("field") if uow.principal.role not in each.spec().hidden_from)
    chosen = (each for each in visible if kind in ("", each.kind))
    return sorted(chosen, key=lambda each: (each.kind, each.name))


def _one_of(what: str, value: str, allowed: Sequence[str]) -> None:
    if value not in allowed:
        raise InvalidArgumentError(
            f"There is no {what} “{value}”; there are: {', '.join(allowed)}.", argument=what
        )


def _check_choices(field_type: str, choices: Sequence[str]) -> None:
    if field_type != "choice" and choices:
        raise InvalidArgumentError("Only a field of the type choice has choices.", argument="choices")
    if field_type != "choice":
        return
    if not 2 <= len(choices) <= MOST_CHOICES or len({each.casefold() for each in choices}) < len(choices):
        raise InvalidArgumentError(
            f"A field of the type choice needs 2 to {MOST_CHOICES} different choices, such as low;high.",
            argument="choices",
        )


def _check_unused(uow: UnitOfWork, created: CustomField) -> None:
    built_in = {word for spec in NOUNS[created.kind].fields for word in (spec.name, spec.header)}
    same = [each for each in uow.all("field") if (each.kind, each.name) == (created.kind, created.name)]
    if created.name in built_in or len(same) > 1:
        raise InvalidArgumentError(f"A {created.kind} has a field “{created.name}” already.", argument="name")
