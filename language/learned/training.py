"""Trains the network on the corpus and measures it on the files that are kept for that: `python -m
language.learned.training` writes its weights.

`… check NAME…` trains without those files, too, measures on them and writes other weights. `… more NAME…` goes on from
the shipped weights with those files alone, and some messages of the others so that they are not forgotten.
Needs the extra `training`; takes three quarters of an hour on two cores that multiply numbers of 16 bits, about four
times as long on others, and `more` with a quarter of the files a fifth of that. The same corpus, and the same weights
to go on from, give the same weights on one machine.
"""

import re
import sys
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from language.learned.acts import NOTHING
from language.learned.batches import Batch, Encoded, Encoder, batched
from language.learned.examples import MEASURED, Example, corpus_files, examples_in, meaningless
from language.learned.markup import ACTS, ROLES
from language.learned.network import HEADS, full
from language.learned.pieces import UNKNOWN, Pieces
from language.learned.pretrained import INNER, WIDTH, Pretrained, load_pretrained

DEPTH, HEAD_WIDTH = 12, 256
EPOCHS, BATCH = 5, 16
RATE, RATE_OF_HEAD = 1.5e-4, 1e-3
# Where it goes on: passes, which line of the other files is repeated, and how much smaller the steps are.
EPOCHS_MORE, REPEATED, SLOWER = 2, 6, 0.4
_MOST_PIECES, _LONGEST = 24_000, 512
_SEED = 7
_DROPPED, _DROPPED_AT_END = 0.1, 0.2
_SMOOTHING = 0.03
_ROLE_WEIGHT, _BEGIN_WEIGHT = 1.5, 0.3
_PIECE = re.compile("▁?(?:[a-z']+|[\u4e00-\u9fff]+|[0-9])|▁|[^\\w\\s]")
SHIPPED = Path(__file__).parent / "data" / "network.npz"
LABELS = {"acts": (NOTHING, *ACTS), "roles": (NOTHING, *ROLES)}


class Layer(nn.Module):
    """One layer of the encoder: attention, then a step for each piece, each with what came in added and normed."""

    def __init__(self, source: Pretrained, number: int) -> None:
        super().__init__()
        name = f"l{number}."
        asked = [
            (source.tensor(f"{name}{k}.w", WIDTH, WIDTH), source.tensor(f"{name}{k}.b", WIDTH)) for k in "qkv"
        ]
        self.asked = _linear(np.concatenate([w for w, _ in asked]), np.concatenate([b for _, b in asked]))
        self.attended = _linear(source.tensor(f"{name}ao.w", WIDTH, WIDTH), source.tensor(f"{name}ao.b", WIDTH))
        self.norm_told = _norm(source, f"{name}aln")
        self.inner = _linear(source.tensor(f"{name}fi.w", INNER, WIDTH), source.tensor(f"{name}fi.b", INNER))
        self.out = _linear(source.tensor(f"{name}fo.w", WIDTH, INNER), source.tensor(f"{name}fo.b", WIDTH))
        self.norm_thought = _norm(source, f"{name}oln")
        self.drop = nn.Dropout(_DROPPED)

    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """The pieces of each message, with what they tell each other."""
        asked, keys, values = self.asked(x).view(*x.shape[:2], 3, HEADS, -1).permute(2, 0, 3, 1, 4)
        told = functional.scaled_dot_product_attention(asked, keys, values, attn_mask=mask[:, None, None, :])
        x = self.norm_told(x + self.drop(self.attended(told.transpose(1, 2).flatten(2))))
        found: torch.Tensor = self.norm_thought(x + self.drop(self.out(_gelu(self.inner(x)))))
        return found


class TaggerNet(nn.Module):
    """The network of `language.learned.network`, trainable; the embeddings of pieces stay as they are."""

    def __init__(self, source: Pretrained, rows: Sequence[int], marks: int) -> None:
        super().__init__()
        place = source.tensor("emb.pos", _LONGEST, WIDTH) + source.tensor("emb.type", 2, WIDTH)[0]
        self.word = _frozen(source.rows(rows))
        self.position = _frozen(place)
        self.norm_in = _norm(source, "emb.ln")
        self.layers = nn.ModuleList(Layer(source, number) for number in range(DEPTH))
        self.mark = nn.EmbeddingBag(marks, WIDTH, mode="sum", padding_idx=0)
        self.offset = nn.Embedding(4, WIDTH)
        for table in (self.mark, self.offset):
            nn.init.normal_(table.weight, 0, 0.03)
        self.mark_in = nn.Linear(WIDTH, WIDTH, bias=False)
        self.mixed = nn.Linear(2 * WIDTH, HEAD_WIDTH)
        self.neighbours = nn.Conv1d(HEAD_WIDTH, HEAD_WIDTH, 3, padding=1)
        self.norm = nn.LayerNorm(HEAD_WIDTH, eps=1e-12)
        self.act = nn.Linear(HEAD_WIDTH, len(LABELS["acts"]))
        self.role = nn.Linear(HEAD_WIDTH, len(LABELS["roles"]))
        self.begin = nn.Linear(HEAD_WIDTH, 1)
        self.drop = nn.Dropout(_DROPPED_AT_END)

    def forward(self, batch: Batch) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Scores of acts, roles and beginnings, for each message and word."""
        is_word = batch.is_word[..., None]
        marks = self.mark(batch.marks, batch.mark_starts).view(*batch.first.shape, WIDTH)
        x = self.drop(self.norm_in(self.word(batch.ids) + self.position.weight[: batch.ids.shape[1]]))
        x = x.scatter_add(1, _wide(batch.first), self.mark_in(marks) * is_word)
        for layer in self.layers:
            x = layer(x, batch.is_piece)
        of_words = (x.gather(1, _wide(batch.first)) + x.gather(1, _wide(batch.last))) / 2 + self.offset(
            batch.offset
        )
        x = _gelu(self.mixed(torch.cat([self.drop(of_words), marks], -1))) * is_word
        x = self.drop(self.norm(x + _gelu(self.neighbours(x.transpose(1, 2)).transpose(1, 2))))
        return self.act(x), self.role(x), self.begin(x)[..., 0]

    def go_on_from(self, shipped: Mapping[str, NDArray[Any]], marks: Sequence[str]) -> None:
        """Takes over trained weights; marks of words that they do not know keep theirs."""
        known = {str(mark): row for row, mark in enumerate(shipped["marks"])}
        places = [(row, known[mark]) for row, mark in enumerate(marks) if mark in known]
        state = self.state_dict()
        for name in state:
            if name == "mark.weight":
                ours, theirs = map(list, zip(*places, strict=True))
                state[name][ours] = torch.from_numpy(shipped[name].astype(np.float32))[theirs]
            elif name != "word.weight":
                stored = name.replace("position.weight", "position")
                state[name] = torch.from_numpy(full(shipped, stored).copy())
        self.load_state_dict(state)

    def groups(self, slower: float = 1.0) -> list[dict[str, Any]]:
        """The parameters to train: those of the encoder in small steps, new ones in large ones."""
        own = [*self.layers.parameters(), *self.norm_in.parameters()]
        known = {id(each) for each in own}
        new = [each for each in self.parameters() if each.requires_grad and id(each) not in known]
        return [{"params": own, "lr": slower * RATE}, {"params": new, "lr": slower * RATE_OF_HEAD}]


def _linear(weight: NDArray[np.float32], bias: NDArray[np.float32]) -> nn.Linear:
    layer = nn.Linear(weight.shape[1], weight.shape[0])
    layer.weight.data, layer.bias.data = torch.from_numpy(weight), torch.from_numpy(bias)
    return layer


def _norm(source: Pretrained, name: str) -> nn.LayerNorm:
    layer = nn.LayerNorm(WIDTH, eps=1e-12)
    layer.weight.data = torch.from_numpy(source.tensor(f"{name}.w", WIDTH))
    layer.bias.data = torch.from_numpy(source.tensor(f"{name}.b", WIDTH))
    return layer


def _frozen(rows: NDArray[np.float32]) -> nn.Embedding:
    return nn.Embedding.from_pretrained(torch.from_numpy(rows), freeze=True)  # type: ignore[no-untyped-call, no-any-return]


def _gelu(x: torch.Tensor) -> torch.Tensor:
    return functional.gelu(x, approximate="tanh")


def _wide(index: torch.Tensor) -> torch.Tensor:
    return index[..., None].expand(-1, -1, WIDTH)


def vocabulary(source: Pretrained, examples: Sequence[Example], held: Collection[str] = ()) -> list[int]:
    """The pieces that are kept: special ones, those `held` already, all that the examples are written in, and the
    likeliest others of both languages."""
    known = [row for row, piece in enumerate(source.pieces) if _PIECE.fullmatch(piece)]
    every = Pieces(["", "", "", *(source.pieces[row] for row in known)], [0, 0, 0, *source.scores[known]])
    used = {int(row) for each in examples for row in every.write(each.features).ids}
    first = [
        row for place, row in enumerate(known, start=UNKNOWN + 1) if place in used or source.pieces[row] in held
    ]
    others = sorted(set(known) - set(first), key=lambda row: -source.scores[row])
    return [*source.special, *first, *others[: max(0, _MOST_PIECES - len(first))]]


def train(
    source: Pretrained,
    encoder: Encoder,
    examples: Sequence[Example],
    shipped: Mapping[str, NDArray[Any]] | None = None,
) -> TaggerNet:
    """A network trained on the examples, from the shipped weights on where they are given; prints the mean loss of each
    epoch."""
    torch.manual_seed(_SEED)
    chance = np.random.default_rng(_SEED)
    net = TaggerNet(source, encoder.rows, len(encoder.marks))
    epochs, slower = EPOCHS, 1.0
    if shipped is not None:
        net.go_on_from(shipped, encoder.marks)
        epochs, slower = EPOCHS_MORE, SLOWER
    encoded = [encoder.encode(example) for example in examples]
    rounds = -(-len(encoded) // BATCH)
    groups = net.groups(slower)
    steps = torch.optim.AdamW(groups, weight_decay=0.01)
    pace = torch.optim.lr_scheduler.OneCycleLR(
        steps, [each["lr"] for each in groups], total_steps=epochs * rounds, pct_start=0.1
    )
    net.train()
    is_half = _multiplies_half()
    for epoch in range(epochs):
        total = 0.0
        for some in _shuffled(encoded, chance):
            steps.zero_grad()
            with torch.autocast("cpu", torch.bfloat16, enabled=is_half):
                loss = _loss(net, batched(some, chance))
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            steps.step()
            pace.step()
            total += loss.item()
        print(f"epoch {epoch + 1} of {epochs}: loss {total / rounds:.3f}", flush=True)
    return net.eval()


def _multiplies_half() -> bool:
    """Whether this processor multiplies numbers of 16 bits, which halves the time; others would take longer for it."""
    can = torch.cpu.get_capabilities()
    return bool(can.get("avx512_bf16") or can.get("amx_bf16"))


def _shuffled(examples: Sequence[Encoded], chance: np.random.Generator) -> Iterator[list[Encoded]]:
    """Batches of messages of about one length, in random order."""
    lengths = np.array([len(each.ids) for each in examples])
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
    of_begins = (of_begins * batch.is_word).sum() / batch.is_word.sum()
    return losses[0] + _ROLE_WEIGHT * losses[1] + _BEGIN_WEIGHT * of_begins


def weights_of(net: TaggerNet, encoder: Encoder, source: Pretrained) -> dict[str, NDArray[Any]]:
    """All that `language.learned.network` needs: matrices of layers in 8 bits a number, pieces in 4, the rest in 16."""
    found: dict[str, NDArray[Any]] = {
        "pieces": np.array([source.pieces[row] for row in encoder.rows]),
        "piece_scores": source.scores[encoder.rows].astype(np.float32),
        "piece_rows": source.packed(encoder.rows),
        "marks": np.array(encoder.marks),
        **{name: np.array(labels) for name, labels in LABELS.items()},
    }
    for name, value in net.state_dict().items():
        numbers = value.detach().numpy()
        if name.startswith("layers.") and numbers.ndim == 2:
            scale = np.abs(numbers).max(1) / 127
            found[name] = np.round(numbers / scale[:, None]).astype(np.int8)
            found[f"{name}.scale"] = scale.astype(np.float32)
        elif name != "word.weight":
            found[name.replace("position.weight", "position")] = numbers.astype(np.float16)
    return found


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
    """Measures, or writes the shipped weights."""
    torch.set_num_threads(2)
    source = load_pretrained()
    how, names = (sys.argv[1], sys.argv[2:]) if sys.argv[1:2] in (["check"], ["more"]) else ("", [])
    left_out = (*MEASURED, *(names if how == "check" else ()))
    files = [file for file in corpus_files() if file.stem not in left_out]
    learnt = [file for file in files if how != "more" or file.stem in names]
    examples = [each for file in learnt for each in (*examples_in(file), *meaningless(file))]
    examples += [each for file in files if file not in learnt for each in examples_in(file, REPEATED)]
    shipped = dict(np.load(SHIPPED, allow_pickle=False)) if how == "more" else None
    marks = list(map(str, shipped["marks"])) if shipped else [""]
    held = set(map(str, shipped["pieces"])) if shipped else set()
    encoder = Encoder(source, vocabulary(source, examples, held), examples, LABELS, marks)
    net = train(source, encoder, examples, shipped)
    kept = SHIPPED.with_name("checked.npz") if how == "check" else SHIPPED
    kept.parent.mkdir(exist_ok=True)
    np.savez_compressed(kept, allow_pickle=False, **weights_of(net, encoder, source))
    print(f"{len(examples)} messages, {kept.stat().st_size / 1e6:.1f} MB")
    for file in corpus_files():
        if file.stem in left_out:
            measured = list(examples_in(file))
            figures = measure(net, encoder, measured)
            print(f"{file.stem}: n = {len(measured)}, " + ", ".join(f"{k} {v:.3f}" for k, v in figures.items()))


if __name__ == "__main__":
    main()
