"""Experience: finds what goes together, is silent where nothing does, and not fooled by a lucky colleague."""

import random

import pytest

from analytics.next_best_action.experience import Experience, Query
from analytics.next_best_action.habits import Habits
from analytics.next_best_action.order import in_order
from analytics.next_best_action.past import Moment
from analytics.next_best_action.suggestion import Reason, Suggestion

ACTIONS = ("demo", "reference_call", "security_review", "send_pricing")
SECURITY = frozenset({"security"})


def moment(number, chance, action, moved, *, heard=SECURITY, owner="o1", words="they asked about the firewall"):
    return Moment(f"deal_{number}", owner, "s1", heard, words, (), action, moved, f"i_{number}")


def history(seed, rate, number=400, owners=("o1", "o2")):
    """Moments whose chance to move on is `rate(heard, action, owner)`."""
    chance = random.Random(seed)
    found = []
    for n in range(number):
        heard = chance.choice((SECURITY, frozenset({"price"})))
        owner = chance.choice(owners)
        action = chance.choice(ACTIONS)
        found.append(
            moment(n, chance, action, chance.random() < rate(heard, action, owner), heard=heard, owner=owner)
        )
    return found


def test_the_action_that_goes_with_moving_on_is_found_for_the_objection_alone():
    rate = {True: 0.75, False: 0.25}
    experience = Experience(history(1, lambda heard, action, owner: rate[heard == SECURITY and action == "demo"]))
    assert experience.says_something
    for heard, best in ((SECURITY, "demo"), (frozenset({"price"}), None)):
        found = experience.estimates(Query("s1", "o1", heard, "they asked about the firewall"))
        claimed = {each.action for each in found.values() if each.low > 0.1}
        assert claimed == ({best} if best else set())
    demo = experience.estimates(Query("s1", "o1", SECURITY, ""))["demo"]
    assert demo.moved / demo.n > demo.others_moved / demo.others + 0.3
    assert len(demo.cases) == 3


@pytest.mark.parametrize("seed", range(12))
def test_where_no_action_matters_it_says_nothing(seed):
    assert not Experience(history(seed, lambda heard, action, owner: 0.4)).says_something


@pytest.mark.parametrize("seed", range(6))
def test_a_lucky_colleague_makes_no_action_look_good(seed):
    chance = random.Random(f"luck {seed}")
    found = []
    for n in range(500):
        lucky = chance.random() < 0.5
        action = "demo" if chance.random() < (0.7 if lucky else 0.1) else chance.choice(ACTIONS[1:])
        moved = chance.random() < (0.7 if lucky else 0.2)
        found.append(moment(n, chance, action, moved, owner="lucky" if lucky else "other"))
    assert not Experience(found).says_something


def test_too_little_is_nothing():
    few = history(1, lambda heard, action, owner: 1.0 if action == "demo" else 0.0, number=40)
    assert not Experience(few).says_something
    assert Experience([]).estimates(Query("s1", "", frozenset(), "")) == {}


def test_habits_back_off_to_what_was_seen():
    habits = Habits.of([("call", "demo", "offer"), ("call", "demo", "offer"), ("mail", "demo", "call")])
    following = habits.next(("call", "demo"))
    assert max(following, key=following.get) == "offer"
    assert sum(following.values()) == pytest.approx(1)
    assert max(habits.next(("never", "demo")), key=habits.next(("never", "demo")).get) == "offer"


def test_equals_change_places_by_seed_and_the_chance_is_recorded():
    each = [Suggestion(name, (Reason("r", name, "", 0.5),), 0.5) for name in ("a", "b")]
    better = Suggestion("c", (Reason("r", "c", "", 0.9),), 0.9)
    orders = {tuple(s.action for s in in_order([*each, better], seed)) for seed in range(40)}
    assert orders == {("c", "a", "b"), ("c", "b", "a")}
    assert [s.propensity for s in in_order([*each, better], 1)] == [1.0, 0.5, 0.5]
    assert in_order(each, 7) == in_order(each, 7)
