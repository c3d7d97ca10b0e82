"""A company whose process is known: what answers which objection, how much it helps, who does what by habit.

The objection shows in nothing but the words of a note, in English or Chinese, among small talk and misleading
words. Which action is right is drawn anew for each seed and depends on the objection, for one objection on the stage as
well. Colleagues have habits that fit badly and skills that differ, so that what they do goes together with success
without causing it.
In the null company no action matters. Everything reaches the product by its own import, as files.
"""

import csv
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

ACTIONS = (
    "call", "demo", "send_pricing", "security_review", "technical_workshop", "executive_meeting", "reference_call",
    "follow_up_email",
)  # fmt: skip
OBJECTIONS = ("security", "price", "integration", "trust", "authority")
# Nobody meets the executives of someone they have just met.
NOT_AT_FIRST = "executive_meeting"
STAGES = (("Contact", 10), ("Study", 30), ("Offer", 55))
REPS = 6
BEGIN = datetime(2025, 1, 6, 9, tzinfo=UTC)
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
# Chance that the right action moves a deal on, that another one does, and what the stage adds.
RIGHT, WRONG, BY_STAGE = 0.62, 0.22, (0.06, 0.0, -0.06)
_MOST_STEPS, _GIVES_UP = 4, 0.16
# How many notes use a plain word for the objection.
PLAIN = 0.7
_SUBJECTS = {
    "en": {
        "call": "Call", "demo": "Product demo", "send_pricing": "Revised pricing sent",
        "security_review": "Security review", "technical_workshop": "Technical workshop",
        "executive_meeting": "Executive meeting", "reference_call": "Reference call",
        "follow_up_email": "A few lines after our talk",
    },
    "zh": {
        "call": "电话沟通", "demo": "产品演示", "send_pricing": "已发新报价", "security_review": "安全评审",
        "technical_workshop": "技术交流会", "executive_meeting": "高层会面", "reference_call": "客户案例电话会",
        "follow_up_email": "跟进邮件",
    },
}  # fmt: skip
_TYPES = {"call": "call", "send_pricing": "email", "follow_up_email": "email"}


@dataclass(frozen=True, slots=True)
class Case:
    """A present situation that is asked about, with its truth; `words` are all that shows the objection."""

    deal: str
    stage: int
    rep: int
    objection: str
    words: str
    earlier: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One past action as baselines see it: `words` of the note before it, and whether the deal moved on."""

    deal: str
    stage: int
    words: str
    earlier: tuple[str, ...]
    action: str
    moved: bool


@dataclass
class Company:
    """One simulated company; `matters` False is the null."""

    seed: int
    matters: bool = True
    deals: int = 600
    asked: int = 60
    right: dict[tuple[str, int], str] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    rows: dict[str, list[Sequence[Any]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.chance = random.Random(f"company {self.seed} {self.matters}")
        self._draw_truth()
        self._others: dict[str, str] = {}
        self._skills = [self.chance.uniform(-0.12, 0.12) for _ in range(REPS)]
        self._habits = [self._habit(rep) for rep in range(REPS)]
        self.rows = {name: [] for name in ("accounts", "contacts", "deals", "history", "interactions")}
        for number in range(self.deals):
            self._past(number)
        for number in range(self.deals, self.deals + self.asked):
            self._present(number)

    def chance_of(self, case: Case, action: str) -> float:
        """The true chance that an action moves the deal of a case on."""
        return self._chance_of(case.objection, case.stage, case.rep, action)

    def write(self, folder: Path) -> None:
        """Writes the company as files that the product imports."""
        people = [(f"rep{rep}@sim.example", f"Rep Number{rep}", "rep", "Field", "UTC", "boss@sim.example")
                  for rep in range(REPS)]  # fmt: skip
        boss = ("boss@sim.example", "Boss Sim", "manager", "Field", "UTC", "")
        _write(
            folder / "users.csv", ("email", "name", "role", "team", "timezone", "manager_email"), [boss, *people]
        )
        stages = [(name, at, "open", share, "pipeline") for at, (name, share) in enumerate(STAGES, 1)]
        closed = [("Won", 4, "won", 100, "closed"), ("Lost", 5, "lost", 0, "omitted")]
        _write(
            folder / "stages.csv", ("name", "order", "status", "probability", "forecast_category"), stages + closed
        )
        headers = {
            "accounts": ("name", "owner_email"),
            "contacts": ("name", "account", "email"),
            "deals": ("name", "account", "owner_email", "stage", "amount", "close_date", "next_step",
                      "primary_contact", "created_at", "lost_reason", "closed_at"),
            "history": ("deal", "from_stage", "to_stage", "changed_at", "changed_by"),
            "interactions": ("id", "type", "direction", "occurred_at", "account", "deal", "contacts",
                             "owner_email", "subject", "body"),
        }  # fmt: skip
        for name, header in headers.items():
            file = "deal_stage_history.csv" if name == "history" else f"{name}.csv"
            _write(folder / file, header, self.rows[name])

    def _draw_truth(self) -> None:
        actions = list(ACTIONS)
        self.chance.shuffle(actions)
        for objection, action in zip(OBJECTIONS, actions, strict=False):
            for stage in range(len(STAGES)):
                self.right[objection, stage] = action
        for objection in OBJECTIONS:
            if self.right[objection, 0] == NOT_AT_FIRST:
                self.right[objection, 0] = actions[-2]
        # One objection needs something else at the last stage.
        self.right[self.chance.choice(OBJECTIONS), len(STAGES) - 1] = actions[-1]

    def _habit(self, rep: int) -> dict[str, list[float]]:
        """What a colleague likes to do: some of it fits, most of it does not."""
        taste = [self.chance.expovariate(1.0) + 0.15 for _ in ACTIONS]
        habit = {}
        for objection in OBJECTIONS:
            fits = self.right[objection, 0]
            good = 1.0 + (0.8 if self._skills[rep] > 0 else 0.2)
            habit[objection] = [
                weight * (good if action == fits else 1.0) for action, weight in zip(ACTIONS, taste, strict=True)
            ]
        return habit

    def _chance_of(self, objection: str, stage: int, rep: int, action: str) -> float:
        base = WRONG + BY_STAGE[stage] + self._skills[rep]
        if not self.matters or not objection:
            return min(0.95, max(0.03, base + 0.15))
        return min(0.95, max(0.03, base + (RIGHT - WRONG) * (self.right[objection, stage] == action)))

    def _past(self, number: int) -> None:
        at = BEGIN + timedelta(days=self.chance.uniform(0, 400))
        deal, account, rep, language, who = self._open_deal(number, at)
        stage = 0
        earlier: list[str] = []
        moves: list[tuple[int | None, int, datetime]] = [(None, 0, at)]
        for _ in range(9):
            objection = self.chance.choice(OBJECTIONS) if self.chance.random() < 0.85 else ""
            moved = False
            for _step in range(_MOST_STEPS):
                at += timedelta(days=self.chance.uniform(1, 6))
                words = self._note(objection, language, who, "train")
                self._say(deal, account, who, rep, at, language, words)
                at += timedelta(days=self.chance.uniform(1, 5))
                possible = possible_at(stage)
                weights = dict(zip(ACTIONS, self._habits[rep][objection or "price"], strict=True))
                action = self.chance.choices(possible, [weights[each] for each in possible])[0]
                self._act(deal, account, who, rep, at, language, action)
                moved = self.chance.random() < self._chance_of(objection, stage, rep, action)
                self.steps.append(Step(deal, stage, words, tuple(earlier[-3:]), action, moved))
                earlier.append(action)
                if moved or self.chance.random() < _GIVES_UP:
                    break
            at += timedelta(hours=self.chance.uniform(2, 40))
            after = stage + 1 if moved else -1
            moves.append((stage, after, at))
            stage = after
            if stage in (-1, len(STAGES)):
                break
        self._close_deal(number, deal, account, rep, who, stage, moves)

    def _present(self, number: int) -> None:
        start = NOW - timedelta(days=self.chance.uniform(12, 16))
        deal, account, rep, language, who = self._open_deal(number, start)
        stage = self.chance.randrange(len(STAGES))
        moves = [(None if at == 0 else at - 1, at, start + timedelta(hours=at)) for at in range(stage + 1)]
        objection = self.chance.choice(OBJECTIONS)
        first = self.chance.choice(("call", "follow_up_email"))
        self._act(deal, account, who, rep, NOW - timedelta(days=9), language, first)
        words = self._note(objection, language, who, "test" if self.chance.random() < 0.7 else "train")
        self._say(deal, account, who, rep, NOW - timedelta(days=1), language, words)
        self._close_deal(number, deal, account, rep, who, stage, moves)
        self.cases.append(Case(deal, stage, rep, objection, words, (first,)))

    def _open_deal(self, number: int, at: datetime) -> tuple[str, str, int, str, str]:
        language = "zh" if self.chance.random() < 0.35 else "en"
        account, rep = f"Plant {number:04}", self.chance.randrange(REPS)
        who = f"{self.chance.choice(_words()['names'][language])}"
        self.rows["accounts"].append((account, f"rep{rep}@sim.example"))
        other = self.chance.choice([name for name in _words()["names"][language] if name != who])
        self.rows["contacts"] += [
            (who, account, f"p{number}@plant.example"),
            (other, account, f"q{number}@plant.example"),
        ]
        self._others[account] = other
        return f"Line {number:04}", account, rep, language, who

    def _close_deal(
        self, number: int, deal: str, account: str, rep: int, who: str, stage: int, moves: Sequence[Any]
    ) -> None:
        names = [*(name for name, _ in STAGES), "Won", "Lost"]
        closed = moves[-1][2] if stage in (-1, len(STAGES)) else None
        day = (closed or NOW + timedelta(days=40)).date()
        step, reason = "" if closed else "See them again", "requirements" if stage == -1 else ""
        self.rows["deals"].append(
            (deal, account, f"rep{rep}@sim.example", names[stage], 10_000 + 50 * number, day, step, who,
             moves[0][2].isoformat(), reason, closed.isoformat() if closed else "")
        )  # fmt: skip
        for before, after, at in moves:
            start = "" if before is None else names[before]
            self.rows["history"].append((deal, start, names[after], at.isoformat(), f"rep{rep}@sim.example"))

    def _note(self, objection: str, language: str, who: str, part: str) -> str:
        table = _words()
        sort = "plain" if self.chance.random() < PLAIN else "objections"
        about = table[sort][objection][part][language] if objection else table["nothing"][language]
        sentences = [self.chance.choice(about).format(who=who)]
        for sentence in self.chance.sample(table["small_talk"][language], self.chance.randint(1, 3)):
            sentences.append(sentence.format(who=who, n=self.chance.randint(10, 300)))
        self.chance.shuffle(sentences)
        return ("" if language == "zh" else " ").join(sentences)

    def _say(self, deal: str, account: str, who: str, rep: int, at: datetime, language: str, words: str) -> None:
        kind = self.chance.choice(("visit", "meeting"))
        self._interaction(
            kind,
            "inbound",
            at,
            account,
            deal,
            f"{who};{self._others[account]}",
            rep,
            _words()["subjects"][language][kind],
            words,
        )

    def _act(self, deal: str, account: str, who: str, rep: int, at: datetime, language: str, action: str) -> None:
        kind = _TYPES.get(action, "meeting")
        self._interaction(kind, "outbound", at, account, deal, who, rep, _SUBJECTS[language][action], "")

    def _interaction(
        self, kind: str, direction: str, at: datetime, account: str, deal: str, who: str, rep: int, subject: str,
        body: str,
    ) -> None:  # fmt: skip
        number = len(self.rows["interactions"])
        self.rows["interactions"].append(
            (f"S{number:06}", kind, direction, at.isoformat(), account, deal, who, f"rep{rep}@sim.example",
             subject, body)
        )  # fmt: skip


def possible_at(stage: int) -> tuple[str, ...]:
    """The actions that make sense at a stage."""
    return ACTIONS if stage else tuple(action for action in ACTIONS if action != NOT_AT_FIRST)


@cache
def _words() -> dict[str, Any]:
    text = files("evals.next_best_action").joinpath("data", "wordings.yaml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))


def _write(path: Path, header: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
