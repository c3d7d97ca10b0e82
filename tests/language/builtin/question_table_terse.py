"""Questions without a verb or question mark, by managers, and about what was just shown, each with its calls."""

# Asked by a manager.
SINGLE = [
    ("Skagerrak open value by stage", "metric pipeline_value group_by=stage scope=Skagerrak"),
    ("year 2025, win rate by number of deals, Alpine team", "metric win_rate period=2025 scope=Alpine"),
    ("Tomas, five biggest open, largest first", "list deal owner=Tomas Rey sort=amount- limit=5 status=open"),
    ("open deals of Alpine", "list deal owner=Alpine status=open"),
    ("open deals of the team, without Tomas", "list deal owner!=Tomas Rey owner=my team status=open"),
    ("our pipeline, leave Petra out", "metric pipeline_value owner!=Petra Lund scope=my team"),
    (
        "leads from the Nordics, leave out anything disqualified",
        "list lead region=Nordics status!=disqualified",
    ),
    ("leads from DACH, the converted ones excluded", "list lead region=DACH status!=converted"),
    ("Barista One leads that nobody owns", "list lead owner:is_empty product_interesthasBarista One"),
    (
        "my open deals closing in June, late ones included",
        "list deal close_date=2026-06 owner=me status=open",
    ),
    (
        "Petra, March: which open deals of hers are due to sign?",
        "list deal close_date=2026-03 owner=Petra Lund status=open",
    ),
    (
        "March vs May last year, closed won of everyone under me, in francs, Alpine counts too",
        "metric closed_won compare_to=2025-05 currency=CHF period=2026-03 scope=my team",
    ),
    (
        "sales cycle for 2025 across my whole tree, then Petra's own median next to it",
        "metric sales_cycle period=2025 scope=my team; metric sales_cycle period=2025 scope=Petra Lund",
    ),
    (
        "best case for this quarter, and the open deals that are in it",
        "metric best_case_forecast period=2026-Q2; "
        "list deal close_date=2026-Q2 forecast_category=commit|best_case|closed status=open",
    ),
    (
        "total of my open deals in euros, with the sterling and the dollar part shown separately",
        "metric pipeline_value currency=EUR scope=me",
    ),
    ("the sterling deals, biggest first", "list deal currency=GBP sort=amount-"),
    ("how many deals do we have in sterling", "metric deal_count currency=GBP scope=my team"),
    (
        "how far is Tomas from quota, and how much is missing once his commits are in",
        "metric gap scope=Tomas Rey; metric to_go scope=Tomas Rey",
    ),
    ("how long does it usually take us from first call to signature", "metric sales_cycle scope=my team"),
    ("which deals sit in their stage longer than normal", "review rules=H4"),
    ("my deals that stay longer in their stage than they should", "review rules=H4 scope=me"),
    ("which of my deals don't have a competitor", "list deal competitor:is_empty owner=me"),
    ("open deals with nothing under next step", "list deal next_step:is_empty status=open"),
    (
        "urgent tickets nobody has fixed yet, newest on top",
        "list ticket priority=urgent sort=opened_at- unresolved=yes",
    ),
    ("open deals where the competitor field says Aromax", "list deal competitor=Aromax status=open"),
    ("what does the next step of the fleet order say", "get Harbor Roasters fleet order next_step"),
    ("is C-502 still open on our side?", "get C-502 status"),
    ("I can't remember who owns the fleet order", "get Harbor Roasters fleet order owner"),
    (
        "Elsa Nyberg mentioned a date for the tasting, I forgot. Which day was it?",
        "recall contact=Elsa Nyberg query=date tasting",
    ),
    ("do I have a visit on my list with Maren Holt?", "list task assignee=me contact=Maren Holt"),
    ("tickets for 青柳茶舍 please", "list ticket account=青柳茶舍"),
    ("how many tickets are open for Zebra Corp", "metric ticket_count account=Zebra Corp unresolved=yes"),
    ("Marlstone Gravel, the lobby deal: which stage is it in?", "get Marlstone Gravel stage"),
    (
        "Osterfeld has one sales deal, right? Who is the seller?",
        "list deal account=Osterfeld Bakeries; get Osterfeld renewal owner",
    ),
    (
        "fleet order amount in dollars",
        "metric pipeline_value currency=USD name=Harbor Roasters fleet order scope=company",
    ),
]
SINGLE += [
    ("open deals over 20k but not in Trial or Offer", "list deal amount>20000 stage!=Trial|Offer status=open"),
    ("I forgot what we agreed with Maren Holt about the price", "recall contact=Maren Holt query=price"),
    ("what's our total in Offer", "metric pipeline_value scope=my team stage=Offer"),
]
FOLLOWUPS = [
    (
        "what's open at Lindqvist Hotels",
        "do they have unresolved tickets?",
        "list ticket account=Lindqvist Hotels unresolved=yes",
    ),
    (
        "what's open at Lindqvist Hotels",
        "how many branches does that customer run?",
        "get Lindqvist Hotels branches",
    ),
    ("tickets of Harbor Roasters", "and their open deals", "list deal account=Harbor Roasters status=open"),
    ("tickets of Zebra Corp", "and for Lindqvist?", "list ticket account=Lindqvist Hotels"),
    (
        "best case for Q3",
        "Alpine only, leave Skagerrak out",
        "metric best_case_forecast period=2026-Q3 scope=Alpine",
    ),
    ("open value by stage", "same thing for Petra alone", "metric pipeline_value group_by=stage scope=Petra Lund"),
    (
        "total of my open deals",
        "smallest of the sterling lot?",
        "list deal currency=GBP owner=me sort=amount limit=1 status=open",
    ),
    (
        "how much is the fleet order",
        "in pounds?",
        "metric pipeline_value currency=GBP name=Harbor Roasters fleet order scope=company",
    ),
    (
        "Petra's open pipeline",
        "how much of hers is at Lindqvist Hotels",
        "metric pipeline_value account=Lindqvist Hotels scope=Petra Lund",
    ),
    ("my open deals", "together how much in francs", "metric pipeline_value currency=CHF scope=me status=open"),
    (
        "when does the fleet order close",
        "and the stage hasn't moved, has it?",
        "get Harbor Roasters fleet order stage",
    ),
    ("who owns Maren Holt's account", "when is her wedding?", "get Maren Holt wedding"),
]
# What nobody asked about must not be told of all.
UNKNOWN_OWNERS = ["do they have open tickets?", "its tickets?", "open deals with them?"]
NO_QUESTIONS = [
    "I forgot to call Maren Holt",
    "leave the lobby machines out of the mail",
    "Petra takes over from Tomas in May",
    "I don't know when Elsa Nyberg will answer",
]
