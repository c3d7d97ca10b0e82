"""Next best actions (definitions §5): rules on the record and experience from similar past situations, combined.

`advise` is the way in. `docs/next-best-action.md` says how it decides, decision 8 why.
"""

from analytics.next_best_action.advise import Advice, advise, advise_many, for_closed
from analytics.next_best_action.suggestion import Suggestion

__all__ = ["Advice", "Suggestion", "advise", "advise_many", "for_closed"]
