"""Short ways to records, for the tests of this folder."""


def deal_named(uow, name):
    """The visible deal of that name."""
    return next(each for each in uow.all("deal") if each.name == name)
