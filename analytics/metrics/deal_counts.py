"""How many deals there are, are open, were created, won and lost."""

from analytics.measure import Count
from analytics.metric import Metric, Unit, define, number
from analytics.metrics.sets import LOST, OPEN, WON
from crm_store.nouns import Label

define(
    Metric(
        "deal_count",
        Label("deals", "商机数"),
        Label("number of deals (close date in the period, if given)", "商机数量"),
        Unit.COUNT,
        "deal",
        (Count("deal", None, "close_date"),),
        number(),
        when="close_date",
        words=("number of deals", "deals", "count of deals", "opportunities", "多少商机"),
    )
)
define(
    Metric(
        "open_deal_count",
        Label("open deals", "未关闭商机数"),
        Label("number of open deals (close date in the period, if given)", "未关闭商机数量"),
        Unit.COUNT,
        "deal",
        (Count("deal", OPEN, "close_date"),),
        number(),
        when="close_date",
        words=("number of open deals", "open deals", "open opportunities", "在谈商机数"),
    )
)
define(
    Metric(
        "new_deal_count",
        Label("new deals", "新建商机数"),
        Label("deals created in the period", "期间内创建的商机数量"),
        Unit.COUNT,
        "deal",
        (Count("deal", None, "created_at"),),
        number(),
        when="created_at",
        words=("deals created", "created deals", "new opportunities", "新增商机", "新商机"),
    )
)
define(
    Metric(
        "won_count",
        Label("deals won", "赢单数"),
        Label("won deals closed in the period", "期间内赢单数量"),
        Unit.COUNT,
        "deal",
        (Count("deal", WON, "closed_at"),),
        number(),
        when="closed_at",
        words=("wins", "won deals", "deals won", "number won", "赢单数量", "赢了几单"),
    )
)
define(
    Metric(
        "lost_count",
        Label("deals lost", "丢单数"),
        Label("lost deals closed in the period", "期间内丢单数量"),
        Unit.COUNT,
        "deal",
        (Count("deal", LOST, "closed_at"),),
        number(),
        when="closed_at",
        words=("losses", "lost deals", "deals lost", "number lost", "丢单数量", "丢了几单"),
    )
)
