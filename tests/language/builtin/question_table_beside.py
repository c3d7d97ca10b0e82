"""Questions of managers that leave out, compare, narrow or stand beside something else, each with its calls."""

SINGLE = [
    ("which deals of Tomas have a target date that's long passed?", "list deal overdue=yes owner=Tomas Rey"),
    (
        "compare Petra's and Tomas's closed won for me",
        "metric closed_won scope=Petra Lund; metric closed_won scope=Tomas Rey",
    ),
    (
        "tickets and tasks still open at Lindqvist Hotels?",
        "list ticket account=Lindqvist Hotels unresolved=yes; list task account=Lindqvist Hotels status=open",
    ),
    (
        "of the deals in Trial, which one has been sitting there longest?",
        "list deal stage=Trial sort=days_in_stage- limit=1",
    ),
    ("how far along is Petra on her Q2 target?", "metric quota_attainment period=2026-Q2 scope=Petra Lund"),
    ("how much is still missing to my target", "metric gap scope=me"),
    ("how's my quarter looking", "metric quota_attainment scope=me"),
    ("win rate of Tomas last year, by number of deals", "metric win_rate period=2025 scope=Tomas Rey"),
    (
        "total value of Petra's deals in Offer, dollars please",
        "metric pipeline_value currency=USD scope=Petra Lund stage=Offer",
    ),
    ("the dollar deals in Offer", "list deal currency=USD stage=Offer"),
    (
        "open deals not at Lindqvist or Green Bean",
        "list deal account!=Lindqvist Hotels|Green Bean Trading status=open",
    ),
    ("deals with competitor Brewtec, lost ones included", "list deal competitor=Brewtec"),
    ("lost deals with competitor Aromax this year", "list deal closed_at=2026 competitor=Aromax status=lost"),
    ("urgent tickets, pending ones included", "list ticket priority=urgent"),
    ("tickets that are urgent or high", "list ticket priority=urgent|high"),
    ("last call with Maren Holt, how long was it", "recall contact=Maren Holt type=call"),
    ("when did I last call Maren Holt", "get Maren Holt last_activity"),
    (
        "when was the last time we met Elsa Nyberg, and about what?",
        "recall contact=Elsa Nyberg type=meeting",
    ),
    (
        "did we ever quote Lindqvist a price for spare grinders?",
        "recall account=Lindqvist Hotels query=quote price spare grinders",
    ),
    ("did we ever lose a deal at Lindqvist?", "list deal account=Lindqvist Hotels status=lost"),
    (
        "did anyone speak to Harbor Roasters last week?",
        "recall account=Harbor Roasters since=2026-W20 until=2026-W20",
    ),
    ("I lost track of which deals close in June", "list deal close_date=2026-06 status=open"),
    ("Alpine: weighted pipeline for Q3", "metric weighted_pipeline period=2026-Q3 scope=Alpine"),
    ("what have I got on Friday?", "list task assignee=me due=2026-05-22"),
    ("what's left for today?", "list task due=2026-05-20"),
    ("average discount on won deals this year", "list deal closed_at=2026 status=won"),
    ("average size of the deals we won this year", "metric average_deal_size period=2026 scope=my team"),
    (
        "how many open deals does each of my reps have",
        "metric deal_count group_by=owner scope=my team status=open",
    ),
    ("Petra's win rate vs the team's", "metric win_rate scope=Petra Lund; metric win_rate scope=my team"),
    (
        "do we have anything open with Lindqvist other than the lobby machines?",
        "list deal account=Lindqvist Hotels name!=Lindqvist lobby machines status=open",
    ),
    ("C-501: who reported it and what's their number?", "get C-501 contact,phone"),
    ("any mention of descaling kits in my deals?", "list deal mentionshasdescaling kits owner=me"),
    ("push the pilot to June 30 and how much is my pipeline then", "metric pipeline_value scope=me"),
    ("move the pilot to Offer, then list my deals in Offer", "list deal owner=me stage=Offer"),
    (
        "who's the CFO at Lindqvist Hotels, and who's the CEO at Harbor Roasters",
        "list contact account=Lindqvist Hotels titlehasCFO; list contact account=Harbor Roasters titlehasCEO",
    ),
]
FOLLOWUPS = [
    (
        "which of my deals have no competitor",
        "just those above 80k",
        "list deal amount>80000 competitor:is_empty owner=me",
    ),
    ("open deals", "those over 50k only", "list deal amount>50000 status=open"),
    ("open deals", "without the Lindqvist ones", "list deal account!=Lindqvist Hotels status=open"),
    (
        "total of my open pipeline",
        "without the fleet order?",
        "metric pipeline_value name!=Harbor Roasters fleet order scope=me",
    ),
    (
        "what did we win in Q1, by rep?",
        "and lost?",
        "metric closed_lost group_by=owner period=2026-Q1 scope=my team",
    ),
    (
        "how many calls did Petra make in April?",
        "and visits?",
        "metric interaction_count period=2026-04 scope=Petra Lund type=visit",
    ),
    (
        "open deals that close in June",
        "and which have a close date that lies behind us?",
        "list deal overdue=yes owner=my team status=open",
    ),
    (
        "number of visits at Harbor Roasters since March?",
        "who did we see on the most recent one",
        "list interaction account=Harbor Roasters limit=1 occurred_at=2026-03-01 to 2026-05-20 "
        "sort=occurred_at- type=visit",
    ),
    (
        "win rate this year",
        "and the average size of the ones we won, in pounds?",
        "metric average_deal_size currency=GBP period=2026 scope=my team",
    ),
    (
        "closed won in Q1",
        "how does that compare with last year",
        "metric closed_won compare_to=2025-Q1 period=2026-Q1",
    ),
]
