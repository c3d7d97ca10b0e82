"""From a deal's situation to ranked suggestions: rules and experience, what makes sense now, then the order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from analytics.hygiene.case_file import CaseFile
from analytics.next_best_action.catalogue import Action, Catalogue, catalogue
from analytics.next_best_action.experience import LEAST_MOMENTS, LEAST_WITH_ACTION, Estimate, Experience, Query
from analytics.next_best_action.habits import Habits
from analytics.next_best_action.order import in_order, seed_of
from analytics.next_best_action.past import past_moments
from analytics.next_best_action.rule import ACTION_RULES, Fired
from analytics.next_best_action.situation import Situation, situations
from analytics.next_best_action.suggestion import Reason, Suggestion, worded
from analytics.view import View
from analytics.wording import join_words, load_table, say
from core.parts import RecordRef
from crm_store.deals import Deal
from crm_store.query import names_of
from memory.facts.validity import slot_label, visible_topics

# A rule from this strength on is a duty: it is never made weaker by experience.
DUTY = 0.7
# A gain whose cautious end is this large is as strong as experience gets.
FULL_STRENGTH_AT = 0.45
# Rules that speak of the task itself.
_OF_TASKS = ("overdue_task", "due_task")
# What is left of a rule of thumb that experience speaks against.
OUTDONE = 0.25
# What came next this often of so many times is called usual.
LEAST_HABIT, LEAST_SEEN = 0.3, 8


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do on a deal, best first, and how that came about.

    `note` says in words what experience had to say or why it is silent; `claims` whether any suggestion rests on
    it. `candidates` are all scores, the basis of what is recorded; `seed` is that of the order among equals.
    """

    deal: RecordRef
    suggestions: tuple[Suggestion, ...]
    note: str
    seed: int
    candidates: Mapping[str, float] = field(default_factory=dict)
    situation: Situation | None = None

    @property
    def claims(self) -> bool:
        """Whether a suggestion rests on experience."""
        return any(reason.rule == "experience" for each in self.suggestions for reason in each.reasons)


@dataclass(frozen=True, slots=True)
class Learnt:
    """What the visible past teaches: experience with outcomes, and habits."""

    known: Catalogue
    experience: Experience
    habits: Habits


def learn(view: View) -> Learnt:
    """Reads the visible past once; use it for all deals of an answer."""
    known = catalogue(view.uow)
    moments, sequences = past_moments(view, known)
    kept = [each for each in moments if each.action in known and not known[each.action].only_by_rule]
    return Learnt(known, Experience(kept), Habits.of(sequences))


def advise(view: View, case: CaseFile, *, silenced: frozenset[str] = frozenset()) -> Advice:
    """What to do next on one open deal; `silenced` actions are left out. Never empty unless all is silenced."""
    return advise_many(view, [case], {case.deal.id: silenced})[0]


def advise_many(
    view: View,
    cases: Sequence[CaseFile],
    silenced: Mapping[str, frozenset[str]] | None = None,
    learnt: Learnt | None = None,
) -> list[Advice]:
    """What to do next on each of some open deals, in their order."""
    taught = learnt or learn(view)
    quiet = silenced or {}
    return [
        _advice(view, now, taught, quiet.get(now.deal.id, frozenset()))
        for now in situations(view, cases, taught.known)
    ]


def for_closed(view: View, deal: Deal) -> list[Suggestion]:
    """What is left to do on a deal that was won: the handover, the renewal."""
    stage: Any = view.uow.find("stage", deal.stage_id)
    if stage is None or stage.status != "won":
        return []
    found = [each.check((view, deal)) for each in ACTION_RULES if each.scope == "won"]
    return [Suggestion(each.action, (each.reason,), each.reason.strength) for each in found if each is not None]


def _advice(view: View, now: Situation, learnt: Learnt, silenced: frozenset[str]) -> Advice:
    estimates, alike = _estimates(now, learnt.experience)
    reasons: dict[str, list[Reason]] = {}
    for fired in _fired(now):
        reasons.setdefault(fired.action, []).append(_tempered(fired, estimates))
    for estimate in estimates.values():
        if _speaks_for(estimate):
            reasons.setdefault(estimate.action, []).append(_experience(now, learnt.known, estimate, alike=alike))
    habit = _habit(now, learnt)
    if habit is not None and habit[0] not in reasons:
        reasons[habit[0]] = [habit[1]]
    allowed = {
        name: ordered
        for name, found in reasons.items()
        for ordered in [_allowed(now, learnt.known, name, found)]
        if ordered and name not in silenced
    }
    if not allowed and "set_next_step" not in silenced:
        fallback = worded(view.language, "no_next_step", {"evidence": ""}, (now.case.ref,))
        allowed = {"set_next_step": (replace(fallback, strength=0.05),)}
    suggestions = [Suggestion(name, found, _score(found)) for name, found in allowed.items()]
    seed = seed_of(now.deal.id, view.uow.principal.user_id, view.today)
    ordered = in_order(suggestions, seed)
    scores = {each.action: each.score for each in ordered}
    return Advice(now.case.ref, tuple(ordered), _note(now, learnt, estimates), seed, scores, now)


def _estimates(now: Situation, experience: Experience) -> tuple[dict[str, Estimate], bool]:
    """What experience says of moments like this one; where that favours nothing, of its stage (False)."""
    if not experience.says_something:
        return {}, True
    alike = experience.estimates(_query(now))
    if now.heard or any(map(_speaks_for, alike.values())):
        return alike, True
    return experience.at_stage(_query(now)), False


def _query(now: Situation) -> Query:
    return Query(now.deal.stage_id, now.deal.owner_id or "", now.heard, now.words)


def _fired(now: Situation) -> list[Fired]:
    found = [each.check(now) for each in ACTION_RULES if each.scope == "open"]
    return [each for each in found if each is not None]


def _tempered(fired: Fired, estimates: Mapping[str, Estimate]) -> Reason:
    """What usually answers an objection counts for less where experience favours something else; duties stay."""
    reason = fired.reason
    best = max(filter(_speaks_for, estimates.values()), key=lambda each: each.low, default=None)
    own = estimates.get(fired.action)
    refuted = own is not None and own.n >= LEAST_WITH_ACTION and own.gain < 0
    outdone = reason.rule == "objection_heard" and best is not None and best.action != fired.action
    if reason.strength >= DUTY or not (refuted or outdone):
        return reason
    return replace(reason, strength=round(reason.strength * OUTDONE, 4))


def _speaks_for(estimate: Estimate) -> bool:
    return estimate.n >= LEAST_WITH_ACTION and estimate.low > 0


def _experience(now: Situation, known: Catalogue, estimate: Estimate, *, alike: bool) -> Reason:
    view = now.view
    action = known[estimate.action].called(view.language)
    topics = sorted(visible_topics(view.uow, now.heard))
    heard = join_words(view.language, [slot_label("objection", view.language, topic) for topic in topics])
    why = say(
        view.language, "experience_at_stage" if not alike else "experience_heard" if heard else "experience",
        n=estimate.n, moved=estimate.moved,
        action=action, heard=heard, stage=now.case.stage.name, others=estimate.others,
        others_moved=estimate.others_moved,
    )  # fmt: skip
    names = names_of(view.uow, "deal", (case.deal_id for case in estimate.cases))
    shown = [
        say(view.language, "case_moved" if case.moved else "case_stayed", deal=names.get(case.deal_id, "—"))
        for case in estimate.cases
    ]
    why += say(view.language, "experience_cases", cases=join_words(view.language, shown)) if shown else ""
    # Experience alone stays below duties; how far it goes up depends on the cautious end of its interval.
    weakest, range_ = (0.47, 0.21) if alike else (0.30, 0.12)
    strength = weakest + range_ * min(1.0, estimate.low / FULL_STRENGTH_AT)
    evidence = tuple(
        RecordRef(kind="interaction", id=case.interaction_id, name=f"{names.get(case.deal_id, '')}: {action}")
        for case in estimate.cases
    )
    numbers = {
        "n": estimate.n, "moved": estimate.moved, "others": estimate.others,
        "others_moved": estimate.others_moved, "gain": round(estimate.gain, 4), "low": round(estimate.low, 4),
        "deals": [case.deal_id for case in estimate.cases],
    }  # fmt: skip
    what = say(view.language, "do_action", action=action[:1].upper() + action[1:])
    return Reason("experience", what, why, round(strength, 4), evidence, numbers)


def _habit(now: Situation, learnt: Learnt) -> tuple[str, Reason] | None:
    """What usually came next after our last action, where that was seen often enough."""
    earlier = now.done[:3][::-1]
    seen = learnt.habits.seen(earlier) if earlier else None
    if not earlier or seen is None or seen.total() < LEAST_SEEN:
        return None
    chances = learnt.habits.next(earlier)
    known = [name for name in chances if name in learnt.known and not learnt.known[name].only_by_rule]
    usual = max(known, key=lambda name: (chances[name], name), default="")
    if not usual or seen[usual] < LEAST_HABIT * seen.total():
        return None
    language = now.view.language
    action, last = learnt.known[usual].called(language), learnt.known[earlier[-1]].called(language)
    why = say(language, "habit", action=action, last=last, n=seen[usual], total=seen.total())
    what = say(language, "do_action", action=action[:1].upper() + action[1:])
    strength = float(load_table("next_actions")["strength"]["habit"]) * chances[usual]
    return usual, Reason("habit", what, why, round(strength, 4), (now.case.ref,))


def _allowed(now: Situation, known: Catalogue, name: str, reasons: Sequence[Reason]) -> tuple[Reason, ...]:
    """The reasons of an action, strongest first; none where it makes no sense now or is planned already."""
    action = known.get(name)
    if name in now.planned:
        reasons = [each for each in reasons if each.strength >= DUTY or each.rule in _OF_TASKS]
    ordered = tuple(sorted(reasons, key=lambda reason: -reason.strength))
    if action is None or not ordered or (ordered[0].strength < DUTY and not _makes_sense(now, action)):
        return ()
    return ordered


def _makes_sense(now: Situation, action: Action) -> bool:
    if now.case.rank < action.from_stage or ("contact" in action.needs and now.contact is None):
        return False
    last = now.days_since_action(action.name)
    return last is None or last >= action.not_within


def _score(reasons: Sequence[Reason]) -> float:
    """Several reasons for one action add up without passing 1 (noisy or)."""
    against = 1.0
    for reason in reasons:
        against *= 1 - reason.strength
    return round(1 - against, 4)


def _note(now: Situation, learnt: Learnt, estimates: Mapping[str, Estimate]) -> str:
    language, moments = now.view.language, len(learnt.experience.moments)
    if any(_speaks_for(each) for each in estimates.values()):
        return say(language, "experience_used", n=sum(each.n for each in estimates.values()))
    if moments < LEAST_MOMENTS:
        return say(language, "experience_thin", n=moments, least=LEAST_MOMENTS)
    if not learnt.experience.says_something:
        return say(language, "experience_silent", n=moments)
    return say(language, "experience_not_here", n=sum(each.n for each in estimates.values()))
