"""The chance that an open lead converts, from what became of earlier ones; only traits that a lead begins with."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from analytics.attributes import attributes
from analytics.scoring.logistic import Codes, Scorecard, brier, fit, naive_bayes
from analytics.view import View
from analytics.wording import label_of, percent_text, say
from core.parts import RecordRef
from crm_store.leads import Lead
from crm_store.nouns import FieldType
from crm_store.query import Attribute

TRAITS = ("source", "region", "product_interest")
# Converted and disqualified leads without which no score is given, and of each of the two.
LEAST, LEAST_EACH = 60, 10
# Traits count when they are better than the base rate by this many standard errors (one chance in twenty of luck).
SURE = 1.64
_CUSTOM = (FieldType.CHOICE, FieldType.BOOLEAN)
_OPEN = ("new", "working", "qualified")


@dataclass(frozen=True)
class LeadScore:
    """A lead's chance to convert, with what raises and lowers it."""

    lead: RecordRef
    chance: float
    reasons: list[str]


@dataclass
class LeadScores:
    """Scores of open leads, best first; empty with `enough` false where too few leads are decided.

    `checked` holds the Brier scores on the newer half of the decided leads when learnt from the older half; where
    the traits are not surely better there than the base rate, `tells` is false and every lead has the base rate.
    """

    decided: int
    converted: int
    enough: bool
    tells: bool = False
    scores: list[LeadScore] = field(default_factory=list)
    checked: dict[str, float] = field(default_factory=dict)


def score_leads(view: View, leads: Sequence[Lead]) -> LeadScores:
    """The scores of the open ones among the leads, learnt from all decided leads that the asker may see."""
    traits = _traits(view)
    decided = sorted(
        (each for each in view.uow.all("lead") if each.status in ("converted", "disqualified")),
        key=lambda each: (each.created_at, each.id),
    )
    won = np.array([int(each.status == "converted") for each in decided])
    found = LeadScores(len(decided), int(won.sum()), _is_enough(won))
    if not found.enough:
        return found
    coder = _Coder(traits)
    codes = coder.codes(decided)
    found.checked, found.tells = check(codes, won), tells_apart(codes, won)
    card = fit(codes, won) if found.tells else Scorecard(_odds(won.mean()), tuple({} for _ in traits))
    waiting = [each for each in leads if each.status in _OPEN]
    if waiting:
        chances = card.chances(coder.codes(waiting))
        found.scores = [
            LeadScore(
                RecordRef(kind="lead", id=lead.id, name=lead.name), float(chance),
                _reasons(view, card, coder, lead, codes, won),
            )
            for lead, chance in zip(waiting, chances, strict=True)
        ]  # fmt: skip
        found.scores.sort(key=lambda each: (-each.chance, each.lead.name))
    return found


def check(codes: Codes, won: Codes) -> dict[str, float]:
    """Brier scores on the newer half of leads in time order, learnt from the older half.

    Of what is used ("used": the scorecard where the older half shows that traits tell leads apart, else the base
    rate), of the scorecard in any case, the base rate and a naive Bayes.
    """
    half = len(won) // 2
    old, new = slice(0, half), slice(half, None)
    base = np.full(len(won) - half, won[old].mean())
    score = fit(codes[old], won[old]).chances(codes[new])
    return {
        "used": brier(score if tells_apart(codes[old], won[old]) else base, won[new]),
        "score": brier(score, won[new]),
        "base": brier(base, won[new]),
        "bayes": brier(naive_bayes(codes[old], won[old], codes[new]), won[new]),
    }


def tells_apart(codes: Codes, won: Codes) -> bool:
    """Whether the scorecard of the older half is surely better on the newer half than its base rate."""
    half = len(won) // 2
    if not half:
        return False
    base, new = won[:half].mean(), won[half:]
    gain = (base - new) ** 2 - (fit(codes[:half], won[:half]).chances(codes[half:]) - new) ** 2
    return bool(gain.sum() > SURE * np.sqrt((gain**2).sum()))


def _odds(share: float) -> float:
    return float(np.log(share / (1 - share)))


def _is_enough(won: Codes) -> bool:
    return len(won) >= LEAST and LEAST_EACH <= int(won.sum()) <= len(won) - LEAST_EACH


def _traits(view: View) -> list[Attribute]:
    known = attributes(view.uow, "lead")
    own = [each for each in known.values() if each.spec is not None and each.spec.custom and each.type in _CUSTOM]
    return [known[name] for name in TRAITS if name in known] + own


class _Coder:
    """Values of traits as codes, the same for leads learnt from and leads scored."""

    def __init__(self, traits: Sequence[Attribute]) -> None:
        self.traits = traits
        self.known: list[dict[str, int]] = [{} for _ in traits]

    def value(self, lead: Lead, place: int) -> str:
        spec = self.traits[place].spec
        raw: Any = (
            lead.custom.get(spec.name)
            if spec is not None and spec.custom
            else getattr(lead, self.traits[place].name)
        )
        return "" if raw is None else str(raw)

    def codes(self, leads: Sequence[Lead]) -> Codes:
        rows = [
            [known.setdefault(self.value(lead, place), len(known)) for place, known in enumerate(self.known)]
            for lead in leads
        ]
        return np.array(rows, dtype=np.int64).reshape(len(leads), len(self.traits))


def _reasons(view: View, card: Scorecard, coder: _Coder, lead: Lead, codes: Codes, won: Codes) -> list[str]:
    """The traits that move the chance, the strongest first, each with how many such leads converted."""
    found = []
    for place, trait in enumerate(coder.traits):
        value = coder.value(lead, place)
        code = coder.known[place].get(value, -1)
        same = codes[:, place] == code
        weight = card.weights[place].get(code, 0.0)
        if not value or not same.any() or abs(weight) < 0.1:
            continue
        key = "lead_raises" if weight > 0 else "lead_lowers"
        text = say(
            view.language, key, trait=label_of(view.language, trait), value=value, won=int(won[same].sum()),
            n=int(same.sum()), share=percent_text(float(won[same].mean())),
        )  # fmt: skip
        found.append((abs(weight), text))
    return [text for _, text in sorted(found, key=lambda each: -each[0])]
