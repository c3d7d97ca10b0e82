"""Declaring a tool: one typed function with its effect and scope, and nothing else to register."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from core.errors import InvalidArgumentError
from core.parts import AnyPart, RecordRef
from core.registry import Registry
from crm_store.suggestion_log import Shown
from crm_store.unit_of_work import UnitOfWork
from tools.resolver import Resolver


class ToolEffect(StrEnum):
    """What calling a tool can do: nothing, change records, or reach someone outside."""

    READ = "read"
    WRITE = "write"
    SEND = "send"


@dataclass
class ToolContext:
    """What a tool works with: one unit of work, names resolved for the asker, and the words of the message."""

    uow: UnitOfWork
    resolver: Resolver
    language: str = "en"
    message: str = ""
    conversation_id: str = ""
    fiscal_first_month: int = 1
    suggest_after_log: bool = True
    briefing_rule: str = ""
    delivery_channel: str = ""

    @property
    def today(self) -> date:
        """The asker's calendar day."""
        return self.uow.today


@dataclass
class ToolResult:
    """What a tool found or did.

    `content` goes to the model (short, JSON-able); `parts` go to the person; `records` are cited. Receipts
    of changes are not made here: they come from the unit of work. `shows_foreign_text`: the content quotes
    words of others (an interaction), which can never be an instruction. `suggested`: next best actions that are
    shown; who runs the tool has them recorded, a read included.
    """

    content: dict[str, Any] = field(default_factory=dict)
    parts: list[AnyPart] = field(default_factory=list)
    records: list[RecordRef] = field(default_factory=list)
    shows_foreign_text: bool = False
    suggested: list[Shown] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Tool:
    """A typed function that a model may call."""

    name: str
    effect: ToolEffect
    scope: str
    description: str
    arguments: type[BaseModel]
    run: Callable[..., ToolResult]

    def call(self, context: ToolContext, arguments: dict[str, Any]) -> ToolResult:
        """Runs the tool with arguments as a model gave them.

        Raises:
            InvalidArgumentError: an argument is unknown or has the wrong type.
            DealhandError: whatever the tool refuses.
        """
        try:
            parsed = self.arguments.model_validate(arguments)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"]) or "arguments"
            raise InvalidArgumentError(f"{self.name}: {where}: {first['msg']}", argument=where) from error
        return self.run(context, **{name: getattr(parsed, name) for name in type(parsed).model_fields})

    def schema(self) -> dict[str, Any]:
        """The JSON schema of the arguments, without titles and defaults (they only cost tokens)."""
        schema = self.arguments.model_json_schema()
        compact: dict[str, Any] = _without_noise(_inlined(schema, schema.pop("$defs", {})))
        return compact


_NOISE = frozenset({"title", "default", "additionalProperties"})

TOOLS: Registry[Tool] = Registry("tool", "tools")
FORMS: Registry[Tool] = Registry("form", "tools")


def tool(*, effect: ToolEffect, scope: str) -> Callable[[Callable[..., ToolResult]], Callable[..., ToolResult]]:
    """Makes a function a tool. Its name, docstring and annotated parameters are what the model sees.

    The first parameter is the ToolContext. A parameter is `Annotated[type, "description"]`; those
    without a default are required.
    """

    return _declare(TOOLS, effect, scope)


def form(*, effect: ToolEffect, scope: str) -> Callable[[Callable[..., ToolResult]], Callable[..., ToolResult]]:
    """Like `tool`, for what a page or a program does with ids and typed values; no model sees it."""
    return _declare(FORMS, effect, scope)


def find_tool(name: str) -> Tool:
    """The tool or form of that name; raises UnknownNameError with near matches."""
    return FORMS.get(name) if name in FORMS else TOOLS.get(name)


def _declare(
    registry: Registry[Tool], effect: ToolEffect, scope: str
) -> Callable[[Callable[..., ToolResult]], Callable[..., ToolResult]]:
    def declare(function: Callable[..., ToolResult]) -> Callable[..., ToolResult]:
        name = function.__name__
        description = inspect.cleandoc(function.__doc__ or "")
        registry.add(name, Tool(name, effect, scope, description, _arguments(name, function), function))
        return function

    return declare


def _arguments(name: str, function: Callable[..., ToolResult]) -> type[BaseModel]:
    hints = get_type_hints(function, include_extras=True)
    fields: dict[str, Any] = {}
    for parameter in list(inspect.signature(function).parameters.values())[1:]:
        hint = hints[parameter.name]
        required = parameter.default is inspect.Parameter.empty
        text = get_args(hint)[1] if get_origin(hint) is Annotated else None
        base = get_args(hint)[0] if text else hint
        fields[parameter.name] = (base, Field(... if required else parameter.default, description=text))
    model: type[BaseModel] = create_model(
        name, __config__=ConfigDict(extra="forbid", coerce_numbers_to_str=True), **fields
    )
    return model


def _inlined(node: Any, definitions: dict[str, Any]) -> Any:
    if isinstance(node, list):
        return [_inlined(item, definitions) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return _inlined(definitions[node["$ref"].rsplit("/", 1)[-1]], definitions)
    return {key: _inlined(value, definitions) for key, value in node.items()}


def _without_noise(node: Any, *, names: bool = False) -> Any:
    """The schema without what only costs tokens; `names`: the keys are argument names."""
    if isinstance(node, list):
        return [_without_noise(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: _without_noise(value, names=key == "properties" and not names)
        for key, value in node.items()
        if names or key not in _NOISE
    }
