"""The product's advice as a policy, and what it has to beat: frequency, Markov, n-gram, nearest neighbours."""

import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log, sqrt
from pathlib import Path
from statistics import mean

from analytics.hygiene.review import cases_of
from analytics.next_best_action import Advice
from analytics.next_best_action.advise import advise_many, learn
from analytics.next_best_action.habits import Habits
from analytics.view import View
from core.clock import FixedClock
from crm_store.directory import find_principal
from crm_store.opening import open_store
from crm_store.transfer import import_world
from evals.next_best_action.simulator import ACTIONS, NOW, Case, Company, Step, possible_at
from memory.words import passage_terms

NEIGHBOURS = 30
Policy = Callable[[Case], str]


@dataclass(frozen=True, slots=True)
class Told:
    """What the product said of the cases of a company: first actions, and how often it claims experience."""

    first: dict[str, str]
    claims: int
    evidence: float
    advices: tuple[Advice, ...]


def product(company: Company) -> Told:
    """The product's own advice: the company is imported as files, and a manager asks about each open deal."""
    with tempfile.TemporaryDirectory(prefix="dealhand-nba-") as name:
        company.write(Path(name))
        url = f"sqlite:///{name}/store.sqlite3"
        report = import_world(url, Path(name), clock=FixedClock(NOW))
        assert not report.rejections, report.rejections[:3]
        store = open_store(url, FixedClock(NOW))
        principal = find_principal(store, "boss@sim.example")
        with store.unit_of_work(principal, writes=False) as uow:
            view = View(uow)
            deals = {deal.name: deal for deal in uow.all("deal")}
            asked = cases_of(view, [deals[case.deal] for case in company.cases])
            learnt = learn(view)
            advices = advise_many(view, asked, learnt=learnt)
        store.close()
    first = {each.deal.name: each.suggestions[0].action if each.suggestions else "" for each in advices}
    return Told(first, sum(each.claims for each in advices), learnt.experience.evidence, tuple(advices))


def value(company: Company, policy: Policy) -> float:
    """The mean true chance to move on over the company's cases; an unknown action counts as a wrong one."""
    return mean(
        company.chance_of(case, action)
        if action in ACTIONS
        else min(company.chance_of(case, other) for other in possible_at(case.stage))
        for case in company.cases
        for action in [policy(case)]
    )


def random_value(company: Company) -> float:
    """The value of choosing any action that makes sense with the same chance."""
    return mean(
        mean(company.chance_of(case, action) for action in possible_at(case.stage)) for case in company.cases
    )


def oracle_value(company: Company) -> float:
    """The value of always knowing the right action."""
    return mean(
        max(company.chance_of(case, action) for action in possible_at(case.stage)) for case in company.cases
    )


def baselines(company: Company) -> dict[str, Policy]:
    """What the product is compared with; all see the same past."""
    steps = company.steps
    return {
        "stage frequency": _by_stage(steps),
        "Markov": _by_sequence(steps, order=2),
        "n-gram": _by_sequence(steps, order=4),
        "kNN, what was done": _by_neighbours(steps, outcomes=False),
        "kNN, what worked": _by_neighbours(steps, outcomes=True),
    }


def _by_stage(steps: Sequence[Step]) -> Policy:
    """What was done most often at the stage before a deal moved on."""
    counts: dict[int, Counter[str]] = {}
    for step in steps:
        counts.setdefault(step.stage, Counter())[step.action] += step.moved
    return lambda case: counts[case.stage].most_common(1)[0][0]


def _by_sequence(steps: Sequence[Step], order: int) -> Policy:
    """What usually follows upon the actions before."""
    deals: dict[str, list[str]] = {}
    for step in steps:
        deals.setdefault(step.deal, []).append(step.action)
    habits = Habits.of(deals.values(), order)

    def choose(case: Case) -> str:
        chances = habits.next(case.earlier)
        return max(chances, key=lambda action: (chances[action], action))

    return choose


def _by_neighbours(steps: Sequence[Step], *, outcomes: bool) -> Policy:
    """Among the notes nearest by words (TF-IDF) and stage: what was done most often, or most often worked."""
    terms = [frozenset(passage_terms(step.words)) for step in steps]
    counts = Counter(term for each in terms for term in each)
    rarity = {term: log(1 + len(steps) / number) for term, number in counts.items()}
    lengths = [sqrt(sum(rarity[term] ** 2 for term in each)) or 1.0 for each in terms]

    def choose(case: Case) -> str:
        own = frozenset(passage_terms(case.words))
        nearness = [
            (sum(rarity[term] ** 2 for term in own & other) / length + 0.5 * (step.stage == case.stage), at)
            for at, (step, other, length) in enumerate(zip(steps, terms, lengths, strict=True))
        ]
        near = [steps[at] for _, at in sorted(nearness, reverse=True)[:NEIGHBOURS]]
        found: Counter[str] = Counter()
        for step in near:
            found[step.action] += step.moved if outcomes else 1
        return max(sorted(found), key=lambda action: found[action])

    return choose
