"""Perturbs the names of whole companies in the ways people and recognisers do, and counts what is made of them.

Run as a script it prints the table: right record, asked, missed, wrong record, by family and in total.
"""

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import zhconv
from language.lexicon import Entry, Lexicon
from language.names.decide import decide
from language.names.normalise import pinyin, split_person_name
from language.names.vocabulary import nickname_families
from language.script import has_cjk
from tests.language.names_worlds import HARBOURLINE, QINGHE, invented_entries
from tests.language.northstar import northstar_entries

PEOPLE = ("contact", "user", "lead")
SLIPS = [("ph", "f"), ("ck", "k"), ("ee", "ea"), ("ll", "l"), ("er", "a"), ("ie", "y"), ("ow", "au"), ("c", "k"), ("z", "s"), ("y", "i"), ("th", "t"),
         ("nn", "n"), ("tt", "t"), ("ss", "s"), ("ou", "oo"), ("ai", "ay"), ("qu", "kw"), ("gh", "")]  # fmt: skip
HOMOPHONES = {"远": "圆", "伟": "玮", "明": "鸣", "芳": "方", "海": "嗨", "智": "志", "志": "智", "文": "雯", "静": "净", "建": "健", "军": "君", "丽": "莉",
              "华": "花", "国": "郭", "航": "杭", "精": "晶", "晶": "精", "锐": "瑞", "帆": "凡", "江": "疆", "湘": "香", "秦": "琴"}  # fmt: skip
STRANGERS = ["Rupert Ellingham", "Delphine Okada", "Marisol Bancroft", "Bogdan Hasegawa", "Quillfeather Media", "Stonebrook Dairy", "Vermilion Labs",
             "Tarkington Steel", "Harlowe", "Ignatius", "Brightmoor", "Keswick Aerospace", "赵子龙", "诸葛明", "苏州天启精密机械有限公司", "广州白云电机有限公司",
             "银河科技", "Nadia Fairbanks", "Elena Rossini", "Grace Kensington", "Marcus Whitfield", "Victor Lindholm", "Julia Rossini", "Acme Plastics",
             "Kestrel Foods", "Orion Chemicals", "Summit Chemicals", "William Holloway", "Frank Castellano", "张国强", "孔明"]  # fmt: skip


SENTENCES = ["Had a call with {x} today about pricing.", "hey log that {x} wants a new quote by friday", "can you set the next step for {x} to security review",
             "Lunch with {x} went well, they like the numbers", "okay so um i just got off the phone with {x} and they are happy",
             "What did we last discuss with {x}?", "NOTE FOR {x}: BUDGET IS APPROVED"]  # fmt: skip
SENTENCES_ZH = ["今天跟{x}通了电话，聊了报价", "{x}那边预算批下来了，先记一笔", "帮我提醒周五联系{x}", "刚拜访完{x}，反馈不错"]
PLAIN = ["There is a grace period of two weeks before we invoice.", "mark it done please and bill them on friday", "will you be able to send the deck",
         "may I have the numbers for may", "We had a frank talk about the summit next month", "they want to pilot it on one line first",
         "the price is fair but the timing is rich", "I hope we can close this by the end of june", "give me a summary of the pipeline and the forecast",
         "What's my win rate this quarter?", "the plant is shut for the holidays so nothing happens before january", "Bill me later, he said.",
         "Will do. Mark that as done.", "drew a blank on the budget question", "art work for the booth is late", "the chase for redlines goes on",
         "customer was upbeat, no decision yet, budget round in april", "grant funding came through, so the max is 50k", "Please mark the second one as paid",
         "we lost on price, they went with a cheaper vendor", "remind me tomorrow morning to update the roadmap slide", "Can I get a list of open tickets?",
         "the warranty is the last open point and legal is on page fourteen", "sunny day at the trade show, lots of leads", "hand over the notes before you go",
         "this may take a while, joy of procurement", "sales were robust in the north and weak in the west", "it's a gray area, let me look into it",
         "their norm is net sixty, ours is net thirty", "cut the discount to five percent and resend", "客户说预算要等下个季度", "这个月的回款怎么样", "由于总部流程变化，合同推迟",
         "小程序的方案下周再讲", "对方经理说还要再比价", "上周总结发我一下", "高层已经同意了，明天签", "完成经理培训之后再约", "他们担任过类似项目的集成商", "本周计划是什么"]  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One way somebody might call a record."""

    family: str
    query: str
    meant: str
    kinds: tuple[str, ...]


def _typo(name: str, rng: random.Random) -> str:
    places = [i for i, char in enumerate(name) if char.isalpha() and i > 0 and name[i - 1].isalpha()]
    i = rng.choice(places)
    kind = rng.randrange(4)
    letter = rng.choice("aeioulnrst")
    if kind == 0:
        return name[:i] + name[i + 1 :]
    if kind == 1:
        return name[:i] + letter + name[i:]
    if kind == 2:
        return name[:i] + letter + name[i + 1 :]
    return name[: i - 1] + name[i] + name[i - 1] + name[i + 1 :]


def _slip(name: str, rng: random.Random) -> str:
    lowered = name.lower()
    usable = [(old, new) for old, new in SLIPS if old in lowered[1:]]
    if not usable:
        return lowered
    old, new = rng.choice(usable)
    at = lowered.index(old, 1)
    return lowered[:at] + new + lowered[at + len(old) :]


def _split(name: str, rng: random.Random) -> str:
    word = max(name.split(), key=len)
    cut = len(word) // 2
    return name.replace(word, f"{word[:cut]} {word[cut:]}").lower()


def _short(name: str) -> str:
    return name.split()[0]


def _english_person(entry: Entry, rng: random.Random, accounts: dict[str, Entry]) -> Iterator[tuple[str, str]]:
    given, surname = split_person_name(entry.name)
    yield "exact", rng.choice([entry.name, entry.name.lower(), entry.name.upper(), f"{entry.name}'s"])
    yield "typo", _typo(entry.name, rng)
    yield "sound", _slip(entry.name, rng)
    yield "initials", rng.choice([f"{given} {surname[0]}", f"{given.lower()} {surname[0].lower()}.", f"{given[0]}. {surname}"])
    yield "first or last alone", rng.choice([given, given.lower(), surname, f"Ms {surname}", f"Mr. {surname}"])
    for formal, short in nickname_families():
        if given.lower() in formal and short:
            yield "nickname", f"{rng.choice(sorted(short)).title()} {surname}"
    if entry.account_id:
        account = _short(accounts[entry.account_id].name)
        yield "with account", rng.choice([f"{given} from {account}", f"{given} at {account}", f"{account}'s {given}", f"{given.lower()} ({account.lower()})"])
        if entry.title and entry.title.isascii():
            yield "title and account", rng.choice([f"the {entry.title} at {account}", f"{account}'s {entry.title.lower()}"])


def _chinese_person(entry: Entry, rng: random.Random, accounts: dict[str, Entry]) -> Iterator[tuple[str, str]]:
    given, surname = split_person_name(entry.name)
    sounds = pinyin(entry.name, is_person=True)
    yield "exact", entry.name
    yield "pinyin", rng.choice([" ".join(sounds), "".join(sounds), " ".join([*sounds[len(surname) :], *sounds[: len(surname)]]).title()])
    yield "traditional", zhconv.convert(entry.name, "zh-hant")
    slipped = "".join(HOMOPHONES.get(char, char) for char in given)
    if slipped != given:
        yield "sound", surname + slipped
    if entry.title and has_cjk(entry.title):
        yield "surname and title", surname + rng.choice([entry.title, "总", "工"])
    yield "surname and title", rng.choice(["老", "小"]) + surname if len(surname) == 1 else surname + "先生"


def _company(entry: Entry, rng: random.Random) -> Iterator[tuple[str, str]]:
    yield "exact", rng.choice([entry.name, entry.name.lower(), entry.name.upper(), f"{entry.name}'s"]) if entry.name.isascii() else entry.name
    if has_cjk(entry.name):
        yield "traditional", zhconv.convert(entry.name, "zh-hant")
        core = re.sub("(股份|集团)?(有限)?公司$|集团$", "", entry.name)[2:]
        yield "short company", rng.choice([core, core[:2]])
        yield "pinyin", " ".join(pinyin(core[:2]))
        slipped = "".join(HOMOPHONES.get(char, char) for char in core)
        if slipped != core:
            yield "sound", slipped
        return
    yield "short company", rng.choice([_short(entry.name), _short(entry.name).lower(), f"{_short(entry.name)}'s"])
    yield "typo", _typo(_short(entry.name), rng)
    yield "typo", _typo(entry.name, rng)
    yield "sound", _slip(_short(entry.name), rng)
    yield "spacing", rng.choice([_split(entry.name, rng), entry.name.replace(" ", "").lower(), entry.name.replace(" ", "-")])
    yield "spacing", _split(_short(entry.name), rng)


def _starts_short(accounts: dict[str, Entry], entry: Entry, words: list[str]) -> bool:
    account = accounts.get(entry.account_id or "")
    return bool(account) and " ".join(words) in (account.aliases[:1] or (account.name.split()[0],))


def _deal(entry: Entry, rng: random.Random, accounts: dict[str, Entry]) -> Iterator[tuple[str, str]]:
    yield "exact", rng.choice([entry.name, entry.name.lower(), f"the {entry.name} deal"]) if entry.name.isascii() else entry.name
    if entry.name.isascii():
        yield "typo", _typo(entry.name, rng)
        words = entry.name.split()
        size = next((k for k in (2, 1) if _starts_short(accounts, entry, words[:k])), 0)
        if 0 < size < len(words):
            yield "partial deal", f"the {' '.join(words[size:])} deal at {' '.join(words[:size])}"
            yield "partial deal", f"{' '.join(words[size:])} with {' '.join(words[:size]).lower()}"
        if size and len(words) > size + 1:
            yield "partial deal", " ".join(words[: size + 1])
    else:
        yield "partial deal", entry.name.removesuffix("项目")
        yield "partial deal", f"{entry.name[:2]}的{entry.name[-4:]}" if entry.name[4:] else entry.name


def cases_of(entries: Sequence[Entry], seed: int) -> list[Case]:
    """A fixed set of perturbed names for these entries."""
    rng = random.Random(seed)
    accounts = {entry.id: entry for entry in entries if entry.kind == "account"}
    makers: dict[str, Callable[[Entry], Iterator[tuple[str, str]]]] = {
        "account": lambda entry: _company(entry, rng),
        "deal": lambda entry: _deal(entry, rng, accounts),
    }
    cases = []
    for entry in entries:
        if entry.kind in PEOPLE:
            pairs = (_chinese_person if has_cjk(entry.name) else _english_person)(entry, rng, accounts)
        elif entry.kind in makers:
            pairs = makers[entry.kind](entry)
        else:
            continue
        kinds = PEOPLE if entry.kind in PEOPLE else (entry.kind,)
        cases += [Case(family, query, entry.id, kinds) for family, query in pairs]
    return cases


def outcome_of(lexicon: Lexicon, case: Case, **thresholds: float) -> str:
    """right, asked (the record is among those offered), missed or wrong."""
    decision = decide(lexicon.match(case.query, kinds=case.kinds), **thresholds)
    if decision.chosen:
        return "right" if decision.chosen.entry.id == case.meant else "wrong"
    return "asked" if case.meant in {item.entry.id for item in decision.candidates} else "missed"


def worlds() -> dict[str, list[Entry]]:
    """The three companies that are measured."""
    return {"harbourline": invented_entries(HARBOURLINE), "qinghe": invented_entries(QINGHE), "northstar": northstar_entries()}


def measure(seed: int = 7, **thresholds: float) -> tuple[Counter[tuple[str, str]], list[str]]:
    """Outcomes by family over all worlds, names of strangers included, and the wrong and missed ones in words."""
    counts: Counter[tuple[str, str]] = Counter()
    wrong = []
    for world, entries in worlds().items():
        lexicon = Lexicon(entries)
        for case in cases_of(entries, seed):
            outcome = outcome_of(lexicon, case, **thresholds)
            counts[case.family, outcome] += 1
            if outcome in ("wrong", "missed"):
                chosen = decide(lexicon.match(case.query, kinds=case.kinds), **thresholds).chosen
                wrong.append(f"{world}: {outcome} {case.query!r} meant {case.meant}, read as {chosen and chosen.entry.id}")
        for name in [*STRANGERS, *mixed_names(entries, seed)]:
            chosen = decide(lexicon.match(name), **thresholds).chosen
            counts["stranger", "wrong" if chosen else "right"] += 1
            if chosen:
                wrong.append(f"{world}: stranger {name!r} read as {chosen.entry.id} ({chosen.score}, {chosen.how})")
    return counts, wrong


def table(counts: Counter[tuple[str, str]]) -> str:
    """The counts as text, a family a line."""
    lines = [f"{'family':22}{'n':>6}{'right':>8}{'asked':>8}{'missed':>8}{'wrong':>8}"]
    for family in [*dict.fromkeys(name for name, _ in counts), "all"]:
        row = Counter({key[1]: 0 for key in counts})
        for (name, outcome), number in counts.items():
            row[outcome] += number if family in (name, "all") else 0
        n = row.total()
        lines.append(f"{family:22}{n:>6}" + "".join(f"{row[outcome] / n:>8.1%}" for outcome in ("right", "asked", "missed", "wrong")))
    return "\n".join(lines)


def mixed_names(entries: Sequence[Entry], seed: int) -> list[str]:
    """Names of nobody, made of one person's given name and another's surname, or of a person and a company elsewhere."""
    rng = random.Random(seed)
    people = [entry for entry in entries if entry.kind in PEOPLE and entry.name.isascii()]
    accounts = [entry for entry in entries if entry.kind == "account" and entry.name.isascii()]
    real = {entry.name for entry in people}
    names = []
    for one in people:
        given, other = one.name.split()[0], rng.choice(people)
        name = f"{given} {other.name.split()[-1]}"
        if name not in real:
            names.append(name)
        account = rng.choice(accounts)
        if account.id not in {entry.account_id for entry in people if entry.name.split()[0] == given}:
            names.append(f"{given} at {_short(account.name)}")
    return names


def measure_text(seed: int = 7) -> tuple[Counter[tuple[str, str]], list[str]]:
    """Outcomes in running text: perturbed names inside sentences, names of nobody, and sentences that name nothing."""
    counts: Counter[tuple[str, str]] = Counter()
    wrong = []
    for world, entries in worlds().items():
        lexicon, rng = Lexicon(entries), random.Random(seed)
        for case in cases_of(entries, seed):
            frame = rng.choice(SENTENCES_ZH if has_cjk(case.query) else SENTENCES)
            at, text = frame.index("{x}"), frame.replace("{x}", case.query)
            outcome, seen = _outcome_in_text(lexicon, text, at, at + len(case.query), case)
            counts[case.family, outcome] += 1
            if outcome in ("wrong", "missed"):
                wrong.append(f"{world}: {outcome} {case.family} {text!r} meant {case.meant}, read as {seen}")
        for name in [*mixed_names(entries, seed), *STRANGERS]:
            text = rng.choice(SENTENCES_ZH if has_cjk(name) else SENTENCES).replace("{x}", name)
            _count_silence(lexicon, text, "nobody", {"contact", "user", "lead"}, counts, wrong)
        for text in PLAIN:
            _count_silence(lexicon, text, "plain text", {"contact", "user", "lead", "account", "deal"}, counts, wrong)
    return counts, wrong


def _outcome_in_text(lexicon: Lexicon, text: str, start: int, end: int, case: Case) -> tuple[str, list[str]]:
    inside = [mention for mention in lexicon.find_mentions(text) if mention.span.start < end and mention.span.end > start]
    offered = {item.entry.id for mention in inside for item in mention.candidates}
    chosen = [decision.chosen.entry for mention in inside if (decision := decide(mention.candidates)).chosen]
    chosen_ids = [entry.id for entry in chosen if entry.kind in case.kinds]
    if case.meant in chosen_ids:
        return "right", chosen_ids
    return ("wrong" if chosen_ids else "asked" if case.meant in offered else "missed"), chosen_ids


def _count_silence(
    lexicon: Lexicon, text: str, family: str, kinds: set[str], counts: Counter[tuple[str, str]], wrong: list[str]
) -> None:
    decisions = [(mention.span.text, decide(mention.candidates).chosen) for mention in lexicon.find_mentions(text)]
    bad = [f"{words!r} as {chosen.entry.id}" for words, chosen in decisions if chosen and chosen.entry.kind in kinds]
    counts[family, "wrong" if bad else "right"] += 1
    wrong += [f"{family}: {text!r} reads {bad}"] if bad else []


if __name__ == "__main__":
    found, mistakes = measure()
    print("Short references", table(found), *mistakes, sep="\n")
    found, mistakes = measure_text()
    print("\nIn running text", table(found), *mistakes, sep="\n")
