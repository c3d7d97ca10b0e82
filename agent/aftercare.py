"""What follows a tool call once it is committed: the memory is fed, suggestions and their answers are logged.

Nothing here is part of the change, and nothing here may fail or hold up the turn.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from analytics.next_best_action.answers import answers_in
from core.errors import DealhandError
from crm_store.principals import Principal
from crm_store.store import Store
from crm_store.suggestion_log import Shown, accept, record_shown, settle
from crm_store.unit_of_work import Change
from memory.feeder import Feeder

logger = logging.getLogger("dealhand")


@dataclass(frozen=True)
class Aftercare:
    """Runs after each call of a runtime."""

    store: Store
    feeder: Feeder | None = None

    def after(self, principal: Principal, changes: Sequence[Change], suggested: Sequence[Shown]) -> None:
        """Takes note of committed changes and of what was suggested."""
        try:
            if changes:
                self._took_place(principal, changes)
            if suggested:
                record_shown(self.store, principal.user_id, suggested, self.store.clock.now())
        except DealhandError as error:
            logger.warning("suggestions not recorded: %s", error)
        if changes and self.feeder is not None:
            self.feeder.nudge()

    def _took_place(self, principal: Principal, changes: Sequence[Change]) -> None:
        if any(change.action == "created" and change.after.get("deal") for change in changes):
            with self.store.unit_of_work(principal, writes=False) as uow:
                answers = answers_in(uow, changes)
            if answers:
                accept(self.store, answers, self.store.clock.now())
        moved = [change.record_id for change in changes if change.kind == "deal" and "stage" in change.after]
        if moved:
            settle(self.store, deal_ids=moved)
