"""Tokens, sessions, passwords, links and webhooks, on SQLite and on PostgreSQL."""

from datetime import timedelta

from crm_store.credentials import ApiToken
from crm_store.directory import find_principal
from crm_store.hook_log import (
    add_source,
    add_target,
    announced_after,
    find_source,
    list_sources,
    list_targets,
    remove_hook,
    settle_target,
    take_due,
    wants,
)
from crm_store.principals import SYSTEM
from crm_store.sign_in import (
    create_link,
    end_session,
    find_password_hash,
    find_session,
    set_password_hash,
    start_session,
    use_link,
)
from crm_store.tokens import create_token, find_holder, list_tokens, revoke_token

REP = "marcus@northstar.example"


def test_a_token_is_kept_as_a_hash_and_ends(store):
    now, rep = store.clock.now(), find_principal(store, REP)
    token, secret = create_token(store, rep, "probe", ["read"], days=1, now=now)
    with store.session() as session:
        assert secret not in str(session.get(ApiToken, token.id).model_dump())
    assert find_holder(store, secret, now).email == REP
    ((kept, owner),) = list_tokens(store, rep)
    assert (owner, kept.last_used_at) == ("Marcus Lee", now)
    assert find_holder(store, secret, now + timedelta(days=1)) is None
    revoke_token(store, rep, token.id, now)
    assert find_holder(store, secret, now) is None


def test_sessions_links_and_passwords(store):
    now, user = store.clock.now(), find_principal(store, REP).user_id
    set_password_hash(store, user, "a hash", now)
    assert find_password_hash(store, REP.upper()) == (user, "a hash")
    cookie, csrf = start_session(store, user, hours=1, now=now)
    assert find_session(store, cookie, now).csrf == csrf
    assert find_session(store, cookie, now + timedelta(hours=1)) is None
    end_session(store, cookie)
    assert find_session(store, cookie, now) is None
    kept, _ = start_session(store, user, hours=1, now=now)
    set_password_hash(store, user, "another", now)
    assert find_session(store, kept, now) is None
    link = create_link(store, user, minutes=5, now=now)
    assert use_link(store, link, now) == user
    assert use_link(store, link, now) is None


def test_webhooks_are_due_once_and_go_on_from_where_they_came(store):
    now, user = store.clock.now(), find_principal(store, "admin@northstar.example").user_id
    target = add_target(store, user, "https://example.com/x", "whsec_x", ["deal.*"], now)
    source = add_source(store, user, "Web form", "whsec_y", "", now)
    with store.unit_of_work(SYSTEM) as uow:
        deal = uow.all("deal")[0]
        uow.update("deal", deal, {"next_step": "Wait for the redlines"})
        uow.commit()
    ((due, _),) = take_due(store, now, timedelta(minutes=5))
    assert due.id == target.id
    assert not list(take_due(store, now, timedelta(minutes=5)))
    (entry,) = announced_after(store, due, 10)
    assert (entry.topic, entry.record_id, wants(due, entry.topic)) == ("deal.updated", deal.id, True)
    settle_target(store, due, seq=entry.seq, failures=0, result="delivered", due_at=now, is_active=True)
    (kept,) = list_targets(store)
    assert (kept.last_seq, kept.last_result, announced_after(store, kept, 10)) == (entry.seq, "delivered", [])
    assert find_source(store, source.id)[0].name == "Web form"
    assert remove_hook(store, source.id)
    assert not list_sources(store)
