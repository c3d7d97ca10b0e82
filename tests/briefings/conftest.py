from tests.crm_store.conftest import northstar_on_postgres, postgres, store, store_url

__all__ = ["northstar_on_postgres", "postgres", "store", "store_url"]
