"""How good lead scores are: on the newer half of decided leads, learnt from the older half, beside its rivals."""

import numpy as np

from analytics.scoring.leads import check
from analytics.scoring.logistic import Codes

LEADS = 600
# How sure a lead of a good source converts, and one of another.
_GOOD, _OTHER, _COIN = 0.6, 0.25, 0.4


def evaluate_made_up_leads(companies: int, *, signal: bool = True) -> dict[str, float]:
    """The mean Brier scores over made-up companies: of what is used, the score, the base rate and a naive Bayes.

    With signal, one trait decides and two more mostly repeat it, as source, channel and campaign do; without, every
    lead is the toss of one coin.
    """
    found = [check(*_leads(seed, signal=signal)) for seed in range(companies)]
    return {name: float(np.mean([each[name] for each in found])) for name in found[0]} if found else {}


def _leads(seed: int, *, signal: bool) -> tuple[Codes, Codes]:
    chance = np.random.default_rng(seed)
    source = chance.integers(0, 2, LEADS)
    repeats = [np.where(chance.random(LEADS) < 0.95, source, 1 - source) for _ in range(2)]
    noise = chance.integers(0, 12, LEADS)
    sure = np.where(source == 1, _GOOD, _OTHER) if signal else np.full(LEADS, _COIN)
    won = (chance.random(LEADS) < sure).astype(np.int64)
    return np.column_stack((source, *repeats, noise)), won
