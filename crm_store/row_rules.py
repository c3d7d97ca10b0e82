"""Which rows a principal may see, as one option for every statement of a session."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, True_
from sqlalchemy.orm import LoaderCriteriaOption, with_loader_criteria
from sqlalchemy.orm.interfaces import CriteriaOption
from sqlalchemy.sql.cache_key import anon_map  # type: ignore[attr-defined]

from crm_store.principals import Principal
from crm_store.schema import NOUNS


class RowRules(CriteriaOption):
    """The rules of all nouns for a principal.

    Deriving the cache key of twenty criteria costs more than most queries, and they are the same for every statement
    of a principal; so it is derived once. It is a part of the statement's key that shares no parameter with the rest.
    """

    __slots__ = ("_criteria", "_key", "_parameters")
    propagate_to_loaders = False  # the session adds the rules to what loaders ask, too

    def __init__(self, principal: Principal) -> None:
        self._criteria: Sequence[LoaderCriteriaOption] = [
            with_loader_criteria(noun.model, rule)
            for noun in NOUNS.values()
            if not isinstance(rule := noun.read(principal, noun.table), True_)
        ]
        self._parameters: list[BindParameter[Any]] = []
        own: Any = anon_map()
        self._key = (RowRules, *(each._gen_cache_key(own, self._parameters) for each in self._criteria))
        assert None not in self._key, "a row rule that cannot be cached would be taken for another"

    def _gen_cache_key(self, anon_map: Any, bindparams: list[BindParameter[Any]]) -> tuple[Any, ...]:
        bindparams.extend(self._parameters)
        return self._key

    def process_compile_state(self, compile_state: Any) -> None:
        """Adds the rules to a SELECT."""
        self.get_global_criteria(compile_state.global_attributes)

    def process_compile_state_replaced_entities(self, compile_state: Any, mapper_entities: Any) -> None:
        """Adds the rules to a SELECT whose entities were replaced."""
        self.process_compile_state(compile_state)

    def get_global_criteria(self, attributes: dict[Any, Any]) -> None:
        """Adds the rules to what holds for a whole statement."""
        for each in self._criteria:
            each.get_global_criteria(attributes)


@lru_cache(maxsize=1_000)
def row_rules(principal: Principal) -> RowRules:
    """The rules of a principal, kept."""
    return RowRules(principal)
