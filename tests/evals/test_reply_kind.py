"""Whether a reply asks, declines or does not know: typed parts decide, prose is read in both languages."""

import pytest
from small_world import reply

from core.parts import Declined, NotKnown, Question
from evals.reply_kind import ReplyKind, kind_of_words, reply_kind

ASKS, DECLINES, UNKNOWN = ReplyKind(asks=True), ReplyKind(declines=True), ReplyKind(not_known=True)
NEITHER = ReplyKind()

WORDS = [
    ("Which Fjord do you mean: Ferries or Foods?", ASKS),
    ("Two contacts match. Please tell me which one you mean.", ASKS),
    ("Why was it lost?", ASKS),
    ("您指的是哪一位：周娜还是周杰？", ASKS),
    ("请确认是哪个商机。", ASKS),
    ("Logged. Anything else I can do?", NEITHER),
    ("Here is the list. Would you like me to show more details?", NEITHER),
    ("已记录。还需要我做什么吗？", NEITHER),
    ("Your pipeline is $135,000.", NEITHER),
    ("I can't share deal amounts with your role.", DECLINES),
    ("You don't have permission to change this deal.", DECLINES),
    ("I'm not able to share a colleague's quota.", DECLINES),
    ("That is outside what I can do here.", DECLINES),
    ("抱歉，您没有权限查看同事的配额。", DECLINES),
    ("我不能透露合同金额。", DECLINES),
    ("I couldn't find a deal with that name.", UNKNOWN),
    ("There is no record of a deal called Atlantis.", UNKNOWN),
    ("No matching accounts.", UNKNOWN),
    ("I don't know Julia's home address; it is not on file.", UNKNOWN),
    ("没有找到名为“大西洋”的商机。", UNKNOWN),
    ("系统里没有这个联系人。", UNKNOWN),
    ("Moved Ferries dock 2 to Offer; nothing else changed.", NEITHER),
    ("The deal has no next step.", NEITHER),
    ("这个商机没有下一步。", NEITHER),
]


@pytest.mark.parametrize(("text", "kind"), WORDS)
def test_words(text: str, kind: ReplyKind) -> None:
    assert kind_of_words(text) == kind
    assert reply_kind([reply(text, model="openai:some")]) == kind


@pytest.mark.parametrize(
    ("part", "kind"),
    [(Question(text="Which?"), ASKS), (Declined(text="…"), DECLINES), (NotKnown(text="…"), UNKNOWN)],
)
def test_typed_parts_decide_over_words(part: Question, kind: ReplyKind) -> None:
    assert reply_kind([reply("I couldn't find it. Which one?", part)]) == kind


def test_a_later_reply_of_the_turn_counts() -> None:
    assert reply_kind([reply("Done."), reply(Declined(text="No."))]) == DECLINES
