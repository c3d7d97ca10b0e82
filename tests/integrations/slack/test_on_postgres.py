"""The checks that lean on the database (once a message, once a click, claims, wipes), on PostgreSQL."""

from collections.abc import Iterator

import pytest

from tests.crm_store.conftest import PostgresServer, northstar_on_postgres, postgres
from tests.integrations.slack.test_acceptance import (
    test_01_one_mention_gives_one_reply,
    test_04_edit_changes_exactly_what_is_written,
    test_04_two_clicks_at_the_same_moment_are_one_write,
    test_05_stop_in_the_middle_ends_appends_writes_and_the_session,
    test_09_workspaces_share_nothing_and_an_uninstall_wipes,
    test_11_a_restart_between_card_and_click_still_works,
)
from tests.integrations.slack.test_installing import (
    log,
    several,
    test_tokens_lie_sealed_in_the_database,
    test_what_an_earlier_version_kept_in_the_open_is_sealed_when_it_is_used,
)
from tests.integrations.slack.test_pages import (
    channel,
    test_a_briefing_without_an_answer_is_found_by_its_metadata,
    test_oauth_installs_once_per_state_and_renews_tokens,
)
from tests.integrations.slack.test_talk import (
    test_a_channel_of_a_deal_gives_the_context,
    test_a_thumbs_down_asks_why_and_is_kept_with_the_reason,
)

__all__ = [
    "channel",
    "log",
    "northstar_on_postgres",
    "postgres",
    "several",
    "test_01_one_mention_gives_one_reply",
    "test_04_edit_changes_exactly_what_is_written",
    "test_04_two_clicks_at_the_same_moment_are_one_write",
    "test_05_stop_in_the_middle_ends_appends_writes_and_the_session",
    "test_09_workspaces_share_nothing_and_an_uninstall_wipes",
    "test_11_a_restart_between_card_and_click_still_works",
    "test_a_briefing_without_an_answer_is_found_by_its_metadata",
    "test_a_channel_of_a_deal_gives_the_context",
    "test_a_thumbs_down_asks_why_and_is_kept_with_the_reason",
    "test_oauth_installs_once_per_state_and_renews_tokens",
    "test_tokens_lie_sealed_in_the_database",
    "test_what_an_earlier_version_kept_in_the_open_is_sealed_when_it_is_used",
]


@pytest.fixture
def database_url(postgres: PostgresServer, northstar_on_postgres: str) -> Iterator[str]:
    url = postgres.create_database(northstar_on_postgres)
    yield url
    postgres.drop_database(url)
