"""The index behind `search_interactions`: scores candidates that the caller has filtered by rights."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from pydantic import SecretStr
from sqlalchemy import Connection, select

from core.settings import Settings, load_settings
from crm_store.unit_of_work import UnitOfWork
from memory import index, tables
from memory.embedders.choose import open_embedder
from memory.embedders.protocol import Embedder, EmbedderUnavailableError, Vectors
from memory.scoring import Corpus, cosines, fuse, shares_of
from memory.words import passage_terms, query_terms

# Texts that the index does not hold yet are embedded on the spot, the first ones only, to stay quick.
MOST_LATE = 16
# What is much weaker than the best is no answer beside it.
BESIDE_BEST = 0.55


class Candidate(Protocol):
    """A text that may be found, with the words around it that help to find it; `id` is an interaction's."""

    @property
    def id(self) -> str:
        """The interaction."""
        ...

    @property
    def text(self) -> str:
        """What was said."""
        ...

    @property
    def context(self) -> str:
        """Names around it that the asker may see."""
        ...


@dataclass(frozen=True, slots=True)
class FusedRetriever:
    """Scores by words and by meaning; by words alone while the embedder cannot be reached."""

    connection: Connection
    embedder: Embedder

    def score(self, query: str, passages: Sequence[Candidate]) -> Mapping[str, float]:
        """Scores above 0 of those that words or meaning speak for."""
        if not query.strip() or not passages:
            return {}
        wanted = query_terms(query)
        documents = [passage_terms(f"{each.text} {each.context}") for each in passages]
        shares = shares_of(wanted, documents, Corpus.of(documents, wanted))
        scores = fuse(shares, self._nearness(query, passages), floor=self.embedder.floor)
        least = BESIDE_BEST * max(scores)
        return {
            each.id: score for each, score in zip(passages, scores, strict=True) if score > 0 and score >= least
        }

    def _nearness(self, query: str, passages: Sequence[Candidate]) -> list[float]:
        try:
            row = self.embedder.embed([query])[0]
            near = self._stored(row, [each.id for each in passages])
            late = [each for each in passages if each.id not in near][:MOST_LATE]
            if late:
                rows = self.embedder.embed([each.text for each in late])
                near.update(zip((each.id for each in late), cosines(row, rows), strict=True))
        except EmbedderUnavailableError:
            return [0.0] * len(passages)
        return [near.get(each.id, 0.0) for each in passages]

    def _stored(self, row: Vectors, ids: Sequence[str]) -> dict[str, float]:
        """The nearest passage of each interaction that the index holds."""
        near: dict[str, float] = {}
        passages, vectors = tables.passages, tables.vectors
        query = select(passages.c.interaction_id, vectors.c.vector).join(vectors, vectors.c.seq == passages.c.seq)
        for some in index.in_slices(ids):
            found = self.connection.execute(query.where(passages.c.interaction_id.in_(some))).all()
            for (id_, _), cosine in zip(
                found, cosines(row, index.unpack([each[1] for each in found])), strict=True
            ):
                near[id_] = max(cosine, near.get(id_, -1.0))
        return near


def find_retriever(uow: UnitOfWork, settings: Settings | None = None) -> FusedRetriever | None:
    """The retriever over the store's index; None without one, or when memory is off or another embedder is set."""
    connection = uow.session.connection()
    if not tables.exists(connection):
        return None
    wanted = settings or load_settings()
    if not wanted.memory_enabled:
        return None
    embedder = _embedder(wanted.memory_embedder, wanted.memory_base_url, wanted.memory_api_key.get_secret_value())
    found = tables.read_state(connection)
    if any(found.get(name) != value for name, value in index.identity(embedder).items()):
        return None
    return FusedRetriever(connection, embedder)


@lru_cache(maxsize=2)
def _embedder(name: str, base_url: str, api_key: str) -> Embedder:
    """One embedder a process, because a model takes a second or more to load."""
    return open_embedder(
        Settings(memory_embedder=name, memory_base_url=base_url, memory_api_key=SecretStr(api_key))
    )
