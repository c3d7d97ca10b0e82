"""Keeps the index and Chroma up with the records: one bounded call, for workers and for the feeder thread."""

from dataclasses import dataclass, field

from sqlalchemy import func, select

from crm_store.interactions import Interaction
from crm_store.principals import SYSTEM
from crm_store.store import Store
from memory.chroma import ChromaBusyError
from memory.feeding import Fed, feed, is_current
from memory.opening import Memory
from memory.syncing import sync

# A store without an index is indexed by itself up to this many interactions; larger ones wait for a command,
# because making a large index holds up everyone who writes.
MOST_BY_ITSELF = 2_000


@dataclass(frozen=True, slots=True)
class Upkeep:
    """What a run did; `waits_for_rebuild`: there is no index of use, and too much to make one unasked."""

    fed: Fed = field(default_factory=Fed)
    in_chroma: int = 0
    waits_for_rebuild: bool = False


def keep_up(store: Store, memory: Memory, *, most: int | None = None) -> Upkeep:
    """Takes in at most `most` waiting changes, then fills Chroma unless another process owns its folder.

    For a worker, again and again: idempotent, safe in several processes, cut off at any point without loss.

    Raises:
        EmbedderUnavailableError, ChromaUnavailableError, StoreUnavailableError: what is not done waits.
    """
    if not is_current(store, memory) and _interactions(store) > MOST_BY_ITSELF:
        return Upkeep(waits_for_rebuild=True)
    fed = feed(store, memory, most=most)
    try:
        return Upkeep(fed, sync(store, memory))
    except ChromaBusyError:
        return Upkeep(fed)


def _interactions(store: Store) -> int:
    with store.unit_of_work(SYSTEM, writes=False) as uow:
        return uow.session.scalar(select(func.count()).select_from(Interaction)) or 0
