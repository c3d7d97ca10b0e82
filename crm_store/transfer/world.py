"""A folder as a whole company: a store is created and everything in the folder is taken in."""

from pathlib import Path

from core.clock import Clock
from crm_store.opening import open_store
from crm_store.principals import SYSTEM
from crm_store.transfer.importing import import_folder
from crm_store.transfer.report import ImportReport


def import_world(store_url: str, folder: Path, *, clock: Clock | None = None) -> ImportReport:
    """Creates or opens the store and takes in a folder on behalf of the product itself.

    Unknown columns become custom fields.

    Raises:
        StoreUnavailableError: the store cannot be opened.
    """
    store = open_store(store_url, clock)
    try:
        return import_folder(store, SYSTEM, folder, create_fields=True)
    finally:
        store.close()
