"""All nouns of the store. A new noun is its file, one line here, and a migration."""

from crm_store import (
    channel_state,
    conversations,
    credentials,
    deliveries,
    hooks,
    job_rows,
    journal,
    voice_rows,
)
from crm_store.accounts import ACCOUNT
from crm_store.actions import ACTION
from crm_store.adjustments import FORECAST_ADJUSTMENT
from crm_store.campaigns import CAMPAIGN
from crm_store.company import COMPANY, EXCHANGE_RATE
from crm_store.contacts import CONTACT
from crm_store.custom_fields import FIELD
from crm_store.deals import DEAL, STAGE_CHANGE
from crm_store.drafts import DRAFT
from crm_store.interactions import INTERACTION
from crm_store.leads import LEAD
from crm_store.nouns import Noun
from crm_store.own_rules import OWN_RULE
from crm_store.products import DEAL_PRODUCT, PRODUCT
from crm_store.quotas import QUOTA
from crm_store.schedules import SCHEDULE
from crm_store.snapshots import SNAPSHOT
from crm_store.stages import STAGE
from crm_store.suggestions import SUGGESTION
from crm_store.tags import TAG
from crm_store.tasks import TASK
from crm_store.tickets import TICKET
from crm_store.users import TEAM, USER

# In the order in which references allow them to be written.
NOUNS: dict[str, Noun] = {
    noun.kind: noun
    for noun in (
        COMPANY, EXCHANGE_RATE, FIELD, TEAM, USER, STAGE, PRODUCT, QUOTA, ACCOUNT, CONTACT, DEAL, DEAL_PRODUCT,
        STAGE_CHANGE, LEAD, TICKET, INTERACTION, TASK, TAG, DRAFT, SUGGESTION, SNAPSHOT, SCHEDULE,
        FORECAST_ADJUSTMENT, CAMPAIGN, ACTION, OWN_RULE,
    )
}  # fmt: skip

INFRASTRUCTURE = (conversations, credentials, deliveries, hooks, job_rows, journal, voice_rows, channel_state)
