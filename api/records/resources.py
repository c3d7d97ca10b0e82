"""Which nouns are resources, what they are called in addresses, and their JSON schemas with examples."""

from typing import Any

from crm_store.nouns import FieldSpec, FieldType, Noun
from crm_store.schema import NOUNS
from tools.forms import WRITABLE

Schema = dict[str, Any]

_IRREGULAR = {"company": "company"}
_EXAMPLES = {
    "name": "Redwood renewal", "amount": "18500", "currency": "USD", "close_date": "2026-04-21",
    "next_step": "Send the contract", "title": "Send the contract", "due": "2026-03-12",
    "email": "leah@redwood.example", "phone": "+1 555 0100", "timezone": "America/New_York", "locale": "en",
    "country": "US", "industry": "Plastics", "domain": "redwood.example", "number": "T-1046",
    "subject": "Renewal approved", "body": "Renewal approved at 18.5k.", "source": "web",
    "fix": "Agree on a next step.", "conditions": ["amount > 100k", "next_step is_empty"], "region": "East",
    "period": "2026-Q1", "sku": "NS-100",
}  # fmt: skip


def path_of(kind: str) -> str:
    """The name of a kind in addresses: `deal` is `deals`, `stage_change` is `stage-changes`."""
    word = _IRREGULAR.get(kind) or (f"{kind[:-1]}ies" if kind.endswith("y") else f"{kind}s")
    return word.replace("_", "-")


def writable(kind: str) -> bool:
    """Whether records of the kind can be created, changed and deleted here."""
    return kind in WRITABLE


def schema_name(kind: str) -> str:
    """The name of a kind's schema."""
    return "".join(part.capitalize() for part in kind.split("_"))


def schemas() -> dict[str, Schema]:
    """The schemas of all kinds: what is read, and what creates and changes one."""
    found: dict[str, Schema] = {}
    for noun in NOUNS.values():
        name = schema_name(noun.kind)
        found[name] = _record(noun)
        found[f"{name}Page"] = _page(name)
        if writable(noun.kind):
            settable = [spec for spec in noun.fields if not spec.follows]
            required = [spec.name for spec in settable if spec.required and spec.name not in _filled_in(noun)]
            found[f"New{name}"] = _values(settable, required)
            found[f"{name}Changes"] = _values(settable, [])
    return found


def example_of(kind: str, *, required_only: bool = False) -> dict[str, Any]:
    """Values of a new record of a kind, as an example."""
    noun = NOUNS[kind]
    return {
        spec.name: _example(spec)
        for spec in noun.fields
        if not spec.follows and (spec.required or (not required_only and spec.name in _EXAMPLES))
    }


def _filled_in(noun: Noun) -> frozenset[str]:
    """Required fields that a rule of the noun fills in when they are not given."""
    return frozenset({"stage", "number"}) if noun.kind in ("deal", "ticket") else frozenset()


def _record(noun: Noun) -> Schema:
    fields = {spec.name: _output(spec) for spec in noun.fields}
    return {
        "type": "object",
        "description": f"One {noun.label.en}. Fields that are hidden from the caller are absent; fields of the "
        "company's own stand beside the others.",
        "required": ["id", "kind", "name", "version", "created_at", "updated_at", "fields"],
        "properties": {
            "id": {"type": "string", "examples": [f"{noun.kind}_01m80z6sbyw92dgagy7a0w"]},
            "kind": {"type": "string", "const": noun.kind},
            "name": {"type": "string"},
            "version": {"type": "integer", "minimum": 1, "description": "Also the ETag."},
            "created_at": {"type": "string", "format": "date-time"},
            "updated_at": {"type": "string", "format": "date-time"},
            "fields": {"type": "object", "properties": fields, "additionalProperties": True},
            "also": {"type": "object", "description": "The derived values that `also` asked for."},
        },
    }


def _page(name: str) -> Schema:
    return {
        "type": "object",
        "required": ["items", "names", "next"],
        "properties": {
            "items": {"type": "array", "items": {"$ref": f"#/components/schemas/{name}"}},
            "names": {
                "type": "object",
                "additionalProperties": {"type": "string"},
                "description": "Names of the records that the items point to, by id.",
            },
            "next": {"type": "string", "description": "Cursor of the next page; empty on the last one."},
            "total": {"type": "integer", "description": "How many there are, where `count` asked for it."},
        },
    }


def _values(specs: list[FieldSpec], required: list[str]) -> Schema:
    return {
        "type": "object",
        "properties": {spec.name: _input(spec) for spec in specs},
        **({"required": required} if required else {}),
    }


def _input(spec: FieldSpec) -> Schema:
    schema = _output(spec)
    if spec.type is FieldType.AMOUNT:
        schema["type"] = ["string", "number"] if spec.required else ["string", "number", "null"]
    return {**schema, "examples": [_example(spec)]}


def _output(spec: FieldSpec) -> Schema:
    label = f"{spec.label.en} / {spec.label.zh}"
    kinds: dict[FieldType, Schema] = {
        FieldType.INTEGER: {"type": "integer"},
        FieldType.AMOUNT: {"type": "string", "description": f"{label}, a decimal number"},
        FieldType.DATE: {"type": "string", "format": "date"},
        FieldType.DATETIME: {"type": "string", "format": "date-time"},
        FieldType.BOOLEAN: {"type": "boolean"},
        FieldType.LIST: {"type": "array", "items": {"type": "string"}},
        FieldType.REFS: {"type": "array", "items": {"type": "string"}, "description": f"{label}, ids"},
        FieldType.REF: {"type": "string", "description": f"{label}, the id of a {spec.ref}"},
    }
    schema = {"description": label, **kinds.get(spec.type, {"type": "string"})}
    if spec.choices:
        schema["description"] = f"{label}: {', '.join(spec.choices)}"
    if not spec.required:
        schema["type"] = [schema["type"], "null"]
    return schema


def _example(spec: FieldSpec) -> Any:
    if spec.choices:
        return spec.choices[0]
    if spec.name in _EXAMPLES:
        return _EXAMPLES[spec.name]
    examples: dict[FieldType, Any] = {
        FieldType.INTEGER: 10, FieldType.AMOUNT: "1000", FieldType.DATE: "2026-03-31",
        FieldType.DATETIME: "2026-03-10T14:00:00Z", FieldType.BOOLEAN: True, FieldType.LIST: ["one"],
        FieldType.REFS: [f"{spec.ref}_01m80z6sbyw92dgagy7a0w"],
        FieldType.REF: f"{spec.ref}_01m80z6sbyw92dgagy7a0w",
    }  # fmt: skip
    return examples.get(spec.type, f"some {spec.label.en}")
