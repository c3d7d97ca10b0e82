"""Requests for drafts: what is recognised, what belongs in it, and how the last one is changed."""

import pytest

from language.builtin.calls import Call
from language.builtin.dialogue import Dialogue, PastCall, PastTurn
from language.builtin.plan import plan
from language.builtin.reading import Reading
from language.builtin.requests.drafts import draft_request
from tests.language.builtin.fjordline import situation

TOOL = "draft_follow_up"


def wanted(text: str, dialogue: Dialogue = Dialogue()) -> dict[str, object] | None:  # noqa: B008
    """The arguments of the draft that a message asks for."""
    found = draft_request(Reading(text, situation(), dialogue).own_words())
    calls = list(found) if not hasattr(found, "calls") else list(found.calls)
    return calls[0].given() if calls else None


ASKED = [
    ("draft a follow-up to Maren Holt", ["Maren Holt"]),
    ("Can you draft Jonas Weber a mail?", ["Jonas Weber"]),
    ("please write Elsa Nyberg a thank-you note", ["Elsa Nyberg"]),
    ("write a short e-mail to Ravi Menon", ["Ravi Menon"]),
    ("compose an email for Hugo Brandt", ["Hugo Brandt"]),
    ("I need a follow-up mail to Maren Holt", ["Maren Holt"]),
    ("follow-up to Jonas Weber: we ship on Friday", ["Jonas Weber"]),
    ("email draft to Maren Holt: thank her for the tour", ["Maren Holt"]),
    ("mail draft for Ravi Menon, remind him of the demo", ["Ravi Menon"]),
    ("put together a recap for Elsa Nyberg", ["Elsa Nyberg"]),
    ("draft something to Maren Holt and Jonas Weber", ["Maren Holt", "Jonas Weber"]),
    ("Good call with Ravi Menon. Draft him a follow-up.", ["Ravi Menon"]),
    ("reply to Hugo Brandt that we ship tomorrow", ["Hugo Brandt"]),
    ("could you help me write a message to Elsa Nyberg", ["Elsa Nyberg"]),
    ("something I can send Elsa Nyberg at Lindqvist: the plan is ready", ["Elsa Nyberg"]),
    ("a few lines I can mail to Hugo Brandt: the van comes on Friday", ["Hugo Brandt"]),
    ("Can I get a short email draft to Maren Holt? The quote is being reworked.", ["Maren Holt"]),
    ("I need wording for a reply to Ravi Menon: answers come on Thursday", ["Ravi Menon"]),
    ("Words for Jonas Weber please: sorry for the delay", ["Jonas Weber"]),
    ("put into words for Elsa Nyberg that we take the 24th", ["Elsa Nyberg"]),
    ("给陈思远写封邮件", ["陈思远"]),
    ("帮我给陈思远起草一封跟进邮件", ["陈思远"]),
    ("请给陈总监写个感谢信", ["陈总监"]),
    ("麻烦你帮我给陈思远回个微信", ["陈思远"]),
    ("给 Maren Holt 起草邮件", ["Maren Holt"]),
    ("关于门店项目给陈思远写个跟进", ["陈思远"]),
]


@pytest.mark.parametrize(("text", "to"), ASKED, ids=[text for text, _ in ASKED])
def test_a_request_with_its_recipients(text, to):
    found = wanted(text)
    assert found is not None
    assert found["to"] == to


@pytest.mark.parametrize(
    "text",
    [
        "log an email to Maren Holt about the beans",
        "wrote Maren Holt a mail yesterday, log it",
        "remind me to write Elsa Nyberg a mail on Friday",
        "create a task to draft a reply to Jonas Weber",
        "draft contract was sent to Maren Holt",
        "Maren Holt answered my mail, she is fine with it",
        "draft agreement is with legal",
        "do we have a follow-up call with Ravi Menon?",
        "陈思远回了邮件，说周五定",
        "她说周五前回复邮件，记一下",
        "提醒我周五给陈思远写邮件",
        "起草了合同，金额不变",
    ],
)
def test_what_only_sounds_like_one(text):
    assert wanted(text) is None


CONTENT = [
    (
        "draft Maren Holt a mail: thanks for the tasting, we send two grinders by Friday, ask if Tuesday suits",
        ["thanks for the tasting", "we send two grinders by Friday"],
        "ask if Tuesday suits",
        [],
    ),
    ("draft Jonas Weber a follow-up about the lease, leave out the discount", [], "", ["discount"]),
    (
        "write to Elsa Nyberg that the beans ship tomorrow but don't mention the delay",
        ["the beans ship tomorrow"],
        "",
        ["delay"],
    ),
    (
        "draft Elsa Nyberg a mail. No word about price or margins. We start on Monday.",
        ["We start on Monday"],
        "",
        ["price", "margins"],
    ),
    (
        "follow-up to Ravi Menon thanking him for the visit and asking for the floor plan",
        ["thanking him for the visit"],
        "asking for the floor plan",
        [],
    ),
    (
        "draft a note to Hugo Brandt: our limit is 9%, but don't tell him that. We call him Monday",
        ["We call him Monday"],
        "",
        [],
    ),
    (
        "给陈思远写封跟进邮件：感谢今天的接待，我们周五前发合同，别提折扣，问他周二方不方便",
        ["感谢今天的接待", "我们周五前发合同"],
        "问他周二方不方便",
        ["折扣"],
    ),
    ("给陈思远起草邮件，请他把清单发来，不要提价格和交货期", [], "请他把清单发来", ["价格", "交货期"]),
    (
        "Met Maren Holt: she sends the floor plan by Friday. Draft her a follow-up.",
        ["she sends the floor plan by Friday"],
        "",
        [],
    ),
]


@pytest.mark.parametrize(("text", "points", "ask", "leave_out"), CONTENT, ids=[each[0] for each in CONTENT])
def test_points_ask_and_what_is_left_out(text, points, ask, leave_out):
    found = wanted(text)
    assert found is not None
    said = [point.removeprefix("that ") for point in found.get("points", [])]
    assert (said, found.get("ask", ""), found.get("leave_out", [])) == (points, ask, leave_out)


def test_the_topic_language_and_length():
    found = wanted("write a short mail to Elsa Nyberg about the lobby machines, in Chinese please")
    assert found is not None
    assert (found["about"], found["language"], found["max_words"]) == ("the lobby machines", "zh", 70)


def test_a_pronoun_means_who_was_talked_about():
    past = PastCall(Call("get_record", {}), {"records": [["contact", "contact_Elsa Nyberg", "Elsa Nyberg"]]})
    assert wanted("write her a thank-you mail", Dialogue((PastTurn("who is Elsa?", (past,), ""),))) == {
        "to": ["contact_Elsa Nyberg"],
        "points": ["thanks"],
    }


def drafted(**arguments: object) -> Dialogue:
    """A dialogue whose last turn made a draft."""
    call = Call(TOOL, {"to": ["Maren Holt"], "points": ["we ship on Friday"], **arguments})
    return Dialogue((PastTurn("draft a mail", (PastCall(call, {"drafted": "Beans"}),), ""),))


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("shorter please", "max_words", 60),
        ("make it shorter", "max_words", 60),
        ("that's too long", "max_words", 60),
        ("短一点", "max_words", 60),
        ("太长了", "max_words", 60),
        ("in Chinese please", "language", "zh"),
        ("can you write it in English", "language", "en"),
        ("用中文写", "language", "zh"),
        ("换成英文", "language", "en"),
        ("leave out the price", "leave_out", ["price"]),
        ("without the discount", "leave_out", ["discount"]),
        ("don't mention the delay", "leave_out", ["delay"]),
        ("去掉价格", "leave_out", ["价格"]),
        ("别提折扣", "leave_out", ["折扣"]),
        ("add that we bring two grinders", "points", ["we ship on Friday", "we bring two grinders"]),
        ("also ask if Tuesday works for her", "ask", "also ask if Tuesday works for her"),
        ("再问一下她周二方不方便", "ask", "再问一下她周二方不方便"),
        ("make it to Jonas Weber", "to", ["Jonas Weber"]),
    ],
)
def test_the_last_draft_is_made_again_with_what_changed(text, name, value):
    found = wanted(text, drafted())
    assert found is not None
    assert found[name] == value
    assert (found["to"] == ["Maren Holt"]) is (name != "to")


@pytest.mark.parametrize(
    "text", ["what is the price of the lobby deal?", "move Green Bean pilot to Trial", "thanks", "谢谢"]
)
def test_other_messages_after_a_draft_change_nothing_in_it(text):
    assert wanted(text, drafted()) is None


def test_a_yes_after_a_refused_wish_to_send_drafts_it():
    said = "send Maren Holt an email about the lease"
    found = wanted("yes please", Dialogue((PastTurn(said, (), "I never send messages myself."),)))
    assert found == {"to": ["Maren Holt"], "about": "the lease"}


def test_an_answer_to_the_question_for_whom():
    call = Call(TOOL, {"points": ["we ship on Friday"]})
    waiting = PastCall(call, {"error": "missing_detail", "field": "to"})
    found = wanted("Elsa Nyberg", Dialogue((PastTurn("write a mail", (waiting,), ""),)))
    assert found == {"to": ["Elsa Nyberg"], "points": ["we ship on Friday"]}


def test_the_words_of_a_draft_make_no_tasks_or_changes():
    text = "draft a mail to Maren Holt: I send her the lease by Friday, move the start to June. don't log anything"
    assert {call.tool for call in plan(Reading(text, situation(), Dialogue())).calls} == {TOOL}


def test_content_behind_what_leads_to_it():
    found = wanted(
        "mail to Maren Holt for me to send: thanks for the form, and could she name a day for the tasting? "
        "Not a word about prices, nor about Kronos. Only the draft, I keep my own list"
    )
    assert found is not None
    assert found["points"] == ["thanks for the form"]
    assert found["ask"] == "could she name a day for the tasting?"
    assert found["leave_out"] == ["prices", "Kronos"]


@pytest.mark.parametrize(
    "text", ["I sent something to Maren Holt yesterday", "Something Maren Holt can send to her boss came up"]
)
def test_telling_of_something_sent_asks_for_no_draft(text):
    assert wanted(text) is None
