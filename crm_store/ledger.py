"""The effect ledger: the same key has its effect once, however often the call is made."""

from typing import Any

from crm_store.journal import Effect
from crm_store.unit_of_work import UnitOfWork


def find_effect(uow: UnitOfWork, key: str) -> dict[str, Any] | None:
    """The result that an earlier call under this key gave, or None."""
    effect = uow.session.get(Effect, key)
    return effect.result if effect else None


def record_effect(uow: UnitOfWork, key: str, result: dict[str, Any]) -> None:
    """Enters a result under its key, in the transaction of the effect itself."""
    uow.session.add(Effect(key=key, effect_id=uow.effect_id, at=uow.clock.now(), result=result))
    uow.session.flush()
