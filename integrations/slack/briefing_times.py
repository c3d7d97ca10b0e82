"""When someone may be briefed, and the choice in their home with what holds now."""

from briefings.preferences import list_preferences
from crm_store.principals import Principal
from integrations.slack.render import blocks as b
from integrations.slack.service import Slack
from integrations.slack.words import say

OFF = "off"
RULES = ("mon-fri 07:30", "mon-fri 08:00", "mon-fri 08:30", "mon-fri 09:00", "mon-fri 09:30")


def settings_blocks(slack: Slack, person: Principal) -> list[b.Block]:
    """The choice, with what holds now."""
    language = person.locale[:2]
    (current,) = list_preferences(slack.runtime.store, slack.runtime.settings, frozenset((person.user_id,)))
    rule = str(current.rule) if current.rule is not None else OFF
    options = [b.option(say(language, "briefing_off"), OFF)]
    options += [b.option(f"{say(language, 'weekdays')} {each.split()[1]}", each) for each in RULES]
    if rule not in (*RULES, OFF):
        options.append(b.option(rule, rule))
    chosen = b.select(say(language, "choose"), "briefing_time", options, initial=rule)
    return [b.section(say(language, "briefing_on"), accessory=chosen)]
