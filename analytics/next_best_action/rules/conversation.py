"""Rules that look at what was said: promises, people who left, proposals without an answer, objections."""

from analytics.history import Said
from analytics.next_best_action.rule import Fired, action_rule, fired
from analytics.next_best_action.situation import Situation, has_sign
from analytics.wording import join_words, load_table
from crm_store.interactions import TWO_WAY_TYPES
from memory.facts.validity import slot_label, visible_topics


@action_rule()
def broken_promise(now: Situation) -> Fired | None:
    """Something of ours was promised more than a day ago and nothing went out since."""
    for place, said in enumerate(now.said):
        if has_sign(said, "promise"):
            kept = any(later.record.direction == "outbound" for later in now.said[:place])
            return None if kept or now.days_since(said) < 1 else _quoting(now, "broken_promise", said)
    return None


@action_rule()
def champion_left(now: Situation) -> Fired | None:
    """A contact seems to be gone."""
    gone = next((said for said in now.said[:3] if has_sign(said, "left")), None)
    return _quoting(now, "champion_left", gone) if gone is not None else None


@action_rule()
def proposal_unanswered(now: Situation) -> Fired | None:
    """A proposal or quote went out three days ago and nothing came back."""
    last = now.said[0] if now.said else None
    if last is None or last.record.direction == "inbound" or last.record.type in TWO_WAY_TYPES:
        return None
    waited = now.days_since(last) >= int(load_table("next_actions")["proposal_days"])
    return _quoting(now, "proposal_unanswered", last) if waited and has_sign(last, "sent") else None


@action_rule()
def objection_heard(now: Situation) -> Fired | None:
    """An objection is on the table: what usually answers it, unless experience says otherwise."""
    said, answers = now.heard_in, load_table("next_actions")["answers"]
    shown = visible_topics(now.view.uow, now.heard)
    topics = sorted((topic for topic in shown if topic in answers), key=list(answers).index)
    if said is None or not topics:
        return None
    language, action = now.view.language, answers[topics[0]]
    name = now.known[action].called(language)
    heard = join_words(language, [slot_label("objection", language, topic) for topic in topics])
    return fired(
        language, "objection_heard", said.ref, to_do=action, heard=heard, quote=now.quote(said),
        action=name, action_first=name[:1].upper() + name[1:],
    )  # fmt: skip


def _quoting(now: Situation, rule: str, said: Said) -> Fired:
    return fired(now.view.language, rule, said.ref, quote=now.quote(said))
