"""Every change is visible: a category that a person only confirms is shown as set by hand."""

from core.parts import ChangeReceipt


def test_a_category_that_is_confirmed_is_shown_as_set_by_hand(say):
    say("set the Redwood renewal to best case")
    (moved,) = say("undo").of_type(ChangeReceipt)
    category = moved.fields[0].after
    (receipt,) = say(f"set the forecast category of the Redwood renewal to {category}").of_type(ChangeReceipt)
    assert [(field.field, field.before, field.after) for field in receipt.fields] == [
        ("forecast_override", "no", "yes")
    ]
