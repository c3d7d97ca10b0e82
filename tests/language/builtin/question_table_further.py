"""More questions and follow-ups over the invented company, typed in a hurry, each with the calls that answer it."""

SINGLE = [
    ("list my open deals with how much per stage", "metric pipeline_value group_by=stage scope=me"),
    (
        "how much is everything of mine that is open worth, weighted too",
        "metric pipeline_value scope=me; metric weighted_pipeline scope=me",
    ),
    (
        "pipeline of every rep, Petra as well, in usd",
        "metric pipeline_value group_by=owner currency=USD scope=my team",
    ),
    ("open deals by stage, value by stage", "metric pipeline_value group_by=stage"),
    (
        "what's our open business in CHF and in GBP",
        "metric pipeline_value currency=CHF scope=my team; metric pipeline_value currency=GBP scope=my team",
    ),
    ("which customers has nobody visited for 6 weeks", "list account days_silent>=42"),
    (
        "no one has called Lindqvist Hotels for a month, which contacts are those",
        "list contact account=Lindqvist Hotels days_silent>=30",
    ),
    ("我有哪些商机三周没打过电话", "list deal days_silent>=21 owner=me status=open"),
    ("tasks that fall due next week", "list task due=2026-W22"),
    ("下周到期的任务", "list task due=2026-W22"),
    ("which tickets haven't been fixed yet", "list ticket unresolved=yes"),
    (
        "how many visits and how many calls did Tomas make last week",
        "metric interaction_count type=visit period=2026-W20 scope=Tomas Rey; "
        "metric interaction_count type=call period=2026-W20 scope=Tomas Rey",
    ),
    ("what closes before July at Lindqvist", "list deal account=Lindqvist Hotels close_date<2026-07 status=open"),
    (
        "北辰茶业门店项目几号签，谁拍板",
        "get 北辰茶业门店项目 close_date; list contact account=北辰茶业有限公司 role=economic_buyer",
    ),
    ("who signs off at Green Bean", "list contact account=Green Bean Trading role=economic_buyer"),
    ("how much did we win in q4", "metric closed_won period=2025-Q4 scope=my team"),
    ("四季度我们签了多少", "metric closed_won period=2025-Q4 scope=my team"),
    ("deals in Trial for more than 40 days", "list deal days_in_stage>40 stage=Trial"),
    ("人民币的商机有哪些", "list deal currency=CNY"),
    ("how many tickets did I resolve in April", "metric ticket_count assignee=me resolved_at=2026-04"),
    ("deals w/o a competitor", "list deal competitor:is_empty"),
    ("did Elsa Nyberg ever mention delivery slots", "recall query=delivery slots contact=Elsa Nyberg"),
    ("what bothers Jonas Weber about the grinder noise", "recall query=bothers grinder noise contact=Jonas Weber"),
    (
        "fleet order: amount, who owns it and when does it sign",
        "get Harbor Roasters fleet order amount,owner,close_date",
    ),
    ("compare won in January and in April", "metric closed_won period=2026-01 compare_to=2026-04"),
    ("手上最大的两单", "list deal owner=me status=open sort=amount- limit=2"),
    ("todos for next week", "list task due=2026-W22"),
    ("tickets from last month that are still open", "list ticket opened_at=2026-04 unresolved=yes"),
    ("how many deals have no economic buyer", "review rules=H6"),
    ("which products are in the fleet order and how many of each", "get Harbor Roasters fleet order products"),
    ("北辰茶业门店项目现在挂多少，几号成交", "get 北辰茶业门店项目 amount,close_date"),
]
PARTS = [
    (
        "how many leads came from trade shows and how many of those are qualified?",
        "metric lead_count source=trade_show; metric lead_count source=trade_show status=qualified",
    ),
    (
        "How many deals did we lose last year, and how many of those have price as the lost reason?",
        "metric lost_count period=2025 scope=my team; metric lost_count period=2025 scope=my team lost_reason=price",
    ),
]
FOLLOWUPS = [
    ("what's my win rate in Q4 last year?", "and the quarter before", "metric win_rate period=2025-Q3 scope=me"),
    ("how many deals did we win in Q3 2025", "Q4?", "metric won_count period=2025-Q4 scope=my team"),
    ("去年三季度我赢了多少", "四季度呢", "metric closed_won period=2025-Q4 scope=me"),
    (
        "how many deals did we win last quarter and how much were they worth?",
        "and in Q4 2025?",
        "metric won_count period=2025-Q4 scope=my team; metric closed_won period=2025-Q4 scope=my team",
    ),
    ("show me my open deals", "at least 50k", "list deal amount>=50000 owner=me status=open"),
    ("show me my open deals", "below 30k please", "list deal amount<30000 owner=me status=open"),
    ("列出我的未关商机", "五十万以下的", "list deal amount<=500000 owner=me status=open"),
    ("列出我的未关商机", "王芳菲的", "list deal owner=王芳菲 status=open"),
    ("which deals did we lose last year", "how much is that", "metric closed_lost scope=my team period=2025"),
    ("which deals did we lose last year", "and in 2024?", "list deal closed_at=2024 owner=my team status=lost"),
    ("上个季度我们丢了哪些单", "一共多少钱", "metric closed_lost scope=my team period=2026-Q1"),
    ("how many urgent tickets are open", "which customers", "list ticket priority=urgent unresolved=yes"),
    ("我的管道有多少", "是哪几单", "list deal owner=me status=open"),
    ("what's Tomas's pipeline?", "in dollars", "metric pipeline_value currency=USD scope=Tomas Rey"),
    ("我的管道有多少", "换成美元", "metric pipeline_value currency=USD scope=me"),
    ("deals closing in June", "and the month after", "list deal close_date=2026-07"),
    (
        "compare Tomas's and Petra's pipeline",
        "weighted",
        "metric weighted_pipeline scope=Tomas Rey; metric weighted_pipeline scope=Petra Lund",
    ),
    ("my overdue tasks", "and those for tomorrow", "list task assignee=me due=2026-05-21"),
    ("list my tasks", "by priority", "list task assignee=me group_by=priority"),
    ("show deals at Lindqvist Hotels", "tickets too", "list ticket account=Lindqvist Hotels"),
]
