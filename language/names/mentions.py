"""Finds the records that running text names: spots forms, drops ordinary words, composes, chooses spans,
narrows."""

from collections.abc import Iterable, Iterator, Sequence

from language.names.companies import form_score
from language.names.entries import PERSON_KINDS, Form, Mention, Scored
from language.names.index import FormIndex
from language.names.narrowing import Reading, doubt_strangers, narrow
from language.names.normalise import Token, tokenise
from language.names.numbered import PHASE, goes_on_otherwise
from language.names.patterns import pattern_hits
from language.names.spotting import Hit, Spotter
from language.names.support import Surroundings, keep_supported
from language.names.vocabulary import longest_first, scoring, words
from language.spans import cut

_FILLERS = (("的",), ("那", "个"), ("这", "个"), ("那", "边", "的"), ("那", "边"), ("这", "边"), ())


def find_mentions(index: FormIndex, text: str) -> list[Mention]:
    """All mentions in `text`, in order, without overlaps; see `Lexicon.find_mentions`."""
    limits = scoring("limits")
    tokens = tokenise(text)[: int(limits["tokens"])]
    around = Surroundings(text, tokens)
    spotted = [*Spotter(index, tokens, lenient=False).spot(), *pattern_hits(index, text, tokens)]
    spotted = [hit for hit in (_strip_weak(hit) for hit in spotted) if hit.forms]
    joined = [_without_other_numbers(hit, around) for hit in composed(spotted, around)]
    spotted = [_without_other_numbers(hit, around) for hit in spotted]
    hits = keep_supported([hit for hit in (*spotted, *joined) if hit.forms], around)
    titles = [hit for hit in hits if _is_bare_title(hit)]
    hits = [hit for hit in hits if not _cuts_title(hit, titles)]
    readings = _choose([hit for hit in hits if _is_worth(hit, around, hits)])
    readings = _apply_titles(readings, titles, around)
    doubt_strangers(readings, around)
    narrow(readings, around)
    readings = [reading for reading in readings if not _is_idle_part(reading, around, readings)]
    for reading in readings:
        rank_open_first(reading)
    return [
        _as_mention(reading, text, tokens, int(limits["candidates"])) for reading in readings if reading.candidates
    ]


def rank_open_first(reading: Reading) -> None:
    """Adds priors, and lowers a closed record that fits no better than an open one of its kind."""
    cap, closed = float(scoring("context")["prior"]), float(scoring("context")["closed"])
    best_open: dict[str, float] = {}
    for item in reading.candidates.values():
        if item.entry.is_open:
            best_open[item.entry.kind] = max(best_open.get(item.entry.kind, 0.0), item.score)
    for item in list(reading.candidates.values()):
        score = item.score
        if not item.entry.is_open and best_open.get(item.entry.kind, 0.0) >= score:
            score -= closed
        if score < 0.97:
            score = min(score + min(item.entry.weight, cap), 0.97)
        if score != item.score:
            reading.rescore(item, score)


def ranked(candidates: Iterable[Scored]) -> list[Scored]:
    """Candidates best first; open ones, then those with a prior, then by name, where scores are equal."""
    return sorted(
        candidates,
        key=lambda item: (
            -round(item.score, 4),
            not item.entry.is_open,
            -item.entry.weight,
            item.entry.name,
            item.entry.id,
        ),
    )


def _without_other_numbers(hit: Hit, around: Surroundings) -> Hit:
    """The hit without deals whose name goes on with another number than the text: "line 7" is not line 2."""
    number, last = around.word(hit.end), around.word(hit.end - 1)
    if not number.isdigit():
        return hit
    return hit._replace(
        forms=[
            form
            for form in hit.forms
            if form.entry.kind != "deal" or not goes_on_otherwise(form.entry.name, last, number)
        ]
    )


def _strip_weak(hit: Hit) -> Hit:
    """The hit without fragments of Chinese deal names, which are ordinary words in running text."""
    if not any(form.entry.kind == "deal" and form.score <= form_score("deal_part") for form in hit.forms):
        return hit
    return hit._replace(forms=[form for form in hit.forms if not _is_fragment(form)])


def _is_fragment(form: Form) -> bool:
    if form.entry.kind != "deal" or form.spaced.isascii() or not _is_part(form):
        return False
    text = form.spaced.replace(" ", "")
    return not (PHASE.fullmatch(text) or text.endswith(longest_first("company_words", "deal_words_zh")))


def _is_part(form: Form) -> bool:
    return form.how == "partial" and form.score <= form_score("deal_part")


def composed(hits: Sequence[Hit], around: Surroundings) -> Iterator[Hit]:
    """An account directly followed by a part of one of its deals' names is that deal: "Ironbridge monitoring",
    远航的二期."""
    deals: dict[int, list[Hit]] = {}
    for hit in hits:
        if any(form.entry.kind == "deal" for form in hit.forms):
            deals.setdefault(hit.start, []).append(hit)
    for hit in hits:
        accounts = {
            form.entry.id: form.score for form in hit.forms if form.entry.kind == "account" and form.score > 0.6
        }
        if not accounts:
            continue
        for filler in _FILLERS:
            start = hit.end + len(filler)
            if tuple(around.word(i) for i in range(hit.end, start)) == filler and _touches(hit.end, start, around):
                yield from (_join(hit, deal, accounts) for deal in deals.get(start, ()))


def _touches(end: int, start: int, around: Surroundings) -> bool:
    return all(around.between(i).strip("'’s ") == "" for i in range(end - 1, start))


def _join(account: Hit, deal: Hit, accounts: dict[str, float]) -> Hit:
    forms = [
        Form(
            form.entry,
            form_score("deal_part_with_account" if _is_part(form) else "deal_with_account"),
            "partial" if _is_part(form) else "short name",
            form.spaced,
        )
        for form in deal.forms
        if form.entry.kind == "deal" and form.entry.account_id in accounts
    ]
    return Hit(account.start, deal.end, forms, account.factor * deal.factor, account.how or deal.how)


def _is_bare_title(hit: Hit) -> bool:
    return bool(hit.forms) and hit.forms[0].how == "title" and hit.forms[0].score == form_score("title")


def _cuts_title(hit: Hit, titles: Sequence[Hit]) -> bool:
    """True for "Kestrel's plant" in "Kestrel's plant manager"."""
    is_deal = hit.forms[0].entry.kind == "deal"
    return is_deal and any(hit.start <= title.start < hit.end < title.end for title in titles)


def _is_worth(hit: Hit, around: Surroundings, hits: Sequence[Hit]) -> bool:
    """False for hits that are too thin to be a mention by themselves."""
    first = hit.forms[0] if hit.forms else None
    if first is None:
        return False
    if _is_bare_title(hit):
        before, roles = around.word(hit.start - 1), words("support", "record_roles")
        after = around.word(hit.end)
        follows = any(other.end == hit.start and other.forms[0].entry.kind == "account" for other in hits)
        linked = (
            follows
            or after in words("support", "link_before_account")
            or (before in words("support", "pronoun_heads") and around.word(hit.start) not in roles)
        )
        return linked or not first.spaced.isascii()
    if all(form.entry.kind == "deal" and _is_part(form) for form in hit.forms) and hit.end - hit.start == 1:
        return around.word(hit.end) in words("company_words", "deal_words_en")
    return True


def _is_idle_part(reading: Reading, around: Surroundings, readings: Sequence[Reading]) -> bool:
    """True for a one-word deal core ("pilot") that neither a determiner, a deal word nor a named account makes
    a deal."""
    items = list(reading.candidates.values())
    if (
        reading.end - reading.start > 1
        or not items
        or any(item.entry.kind != "deal" or item.how != "partial" for item in items)
    ):
        return False
    if around.word(reading.start - 1) in words("support", "determiners") or around.word(reading.end) in words(
        "company_words", "deal_words_en"
    ):
        return False
    return all(
        other is reading or not (other.accounts() & {item.entry.account_id for item in items})
        for other in readings
    )


def _choose(hits: Sequence[Hit]) -> list[Reading]:
    """The best readings that do not overlap: good scores, then more words; all readings of the chosen spans."""
    spans: dict[tuple[int, int], list[Hit]] = {}
    for hit in hits:
        spans.setdefault((hit.start, hit.end), []).append(hit)

    def quality(span: tuple[int, int]) -> float:
        best = max(form.score * hit.factor for hit in spans[span] for form in hit.forms)
        return best + 0.25 * min(span[1] - span[0] - 1, 8) if best > 0.55 else best

    taken: set[int] = set()
    chosen = []
    for span in sorted(spans, key=lambda span: (-quality(span), span)):
        if not taken.intersection(range(*span)):
            taken.update(range(*span))
            chosen.append(_reading(span, spans[span]))
    return sorted(chosen, key=lambda reading: reading.start)


def _reading(span: tuple[int, int], hits: Sequence[Hit]) -> Reading:
    reading = Reading(*span)
    for hit in hits:
        for form in hit.forms:
            reading.offer(form.entry, form.score * hit.factor, hit.how or form.how)
    return reading


def _apply_titles(readings: list[Reading], titles: Sequence[Hit], around: Surroundings) -> list[Reading]:
    """A title beside a name tells namesakes apart ("Nadia, the CFO") and is no mention of its own."""
    people = [
        reading
        for reading in readings
        if any(item.entry.kind in PERSON_KINDS and item.how != "title" for item in reading.candidates.values())
    ]
    dropped: set[tuple[int, int]] = set()
    for hit in titles:
        for reading in people:
            if _is_apposition(reading, hit, around):
                holders = {form.entry.id for form in hit.forms}
                for item in list(reading.candidates.values()):
                    if item.entry.id in holders and item.score < 0.97:
                        reading.rescore(item, min(0.97, item.score + float(scoring("context")["account"])))
                dropped.add((hit.start, hit.end))
    return [reading for reading in readings if (reading.start, reading.end) not in dropped or reading in people]


def _is_apposition(reading: Reading, hit: Hit, around: Surroundings) -> bool:
    if reading.end <= hit.start <= reading.end + 1:
        gap = [around.word(i) for i in range(reading.end, hit.start)]
        return set(gap) <= words("support", "determiners") and "." not in around.between(reading.end - 1)
    return hit.end == reading.start and around.between(hit.end - 1) in (" ", ", ", "", "，")


def _as_mention(reading: Reading, text: str, tokens: Sequence[Token], limit: int) -> Mention:
    span = cut(text, tokens[reading.start].start, tokens[reading.end - 1].end)
    best = ranked(reading.candidates.values())
    return Mention(span, tuple(Scored(item.entry, round(item.score, 4), item.how) for item in best[:limit]))
