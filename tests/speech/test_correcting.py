import pytest

from speech.correcting import correct
from speech.wording import source_of

NAMES = [
    "Brightwater Foods",
    "Copperline Mining",
    "Hannah Moreno",
    "Priya Whitman",
    "Quarry & Sons",
    "Plant Monitor",
    "Copperline plant monitoring",
    "上海澄海食品集团",
    "孔桂英",
    "杨明",
    "长风化工扩容",
]


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("Met Hanna Morino at Copper Line Mining today.", "Met Hannah Moreno at Copperline Mining today."),
        ("Brite Water Foods wants the offer.", "Brightwater Foods wants the offer."),
        ("Pria Witman at Brite Water Foods called.", "Priya Whitman at Brightwater Foods called."),
        ("Call Pria Witman tomorrow.", "Call Priya Whitman tomorrow."),
        ("今天拜访了上海成海食品集团的孔贵英", "今天拜访了上海澄海食品集团的孔桂英"),
        ("跟洋明谈了長風化工擴容", "跟杨明谈了长风化工扩容"),
    ],
)
def test_names_are_put_right_and_marked(heard, meant):
    text, corrections = correct(heard, NAMES)
    assert text == meant
    assert corrections


@pytest.mark.parametrize(
    "heard",
    [
        "She likes the Plant Monitoring and wants a demo.",
        "Hannah Moreno asked about Friday and the Budget.",
        "We moved it to Monday. Then I called Anna at Other Company.",
        "Copperline wants a discount of 5%.",
        "Push Copperline plant monitoring to April, Hannah Moreno at Brightwater Foods agreed.",
        "Met Priya Whitman this morning.",
        "Hanno Denise Kowalski called.",
        "明天杨老师来公司",
        "他说名扬四海",
    ],
)
def test_what_is_right_or_no_name_is_left_alone(heard):
    assert correct(heard, NAMES) == (heard, [])


def test_two_names_equally_near_change_nothing():
    assert correct("Met Mara Lunn today.", ["Mara Lund", "Mara Lunt"])[0] == "Met Mara Lunn today."


def test_a_part_is_traced_to_its_sentence():
    note = "Visited Acme today. I promised to send the pricing by Friday. Next step is a demo for the team."
    assert source_of(note, ["Send the pricing"]) == "I promised to send the pricing by Friday."
    assert source_of(note, ["demo for the team"]) == "Next step is a demo for the team."
    assert source_of(note, ["zebra"]) == note


def test_a_figure_is_traced_however_it_is_written_and_a_label_helps_where_no_word_does():
    note = "Visited Acme. The amount is now 1.5 million, was 90,000. Next step is the demo."
    assert source_of(note, ["90000"]) == "The amount is now 1.5 million, was 90,000."
    assert source_of(note, ["zebra"], ["next step"]) == "Next step is the demo."
