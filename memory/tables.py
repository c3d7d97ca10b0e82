"""Tables of the index in the store's database, made and dropped by the memory itself."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Select,
    String,
    Table,
    Text,
    bindparam,
    column,
    func,
    inspect,
    literal_column,
    table,
    text,
)

# Part of the index's identity, like the embedder and the chunker.
SCHEMA = "3"

metadata = MetaData()
_Seq = BigInteger().with_variant(Integer, "sqlite")

passages = Table(
    "memory_passage",
    metadata,
    Column("seq", _Seq, primary_key=True, autoincrement=True),
    Column("id", String, nullable=False, unique=True),
    Column("interaction_id", String, nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("terms", Text, nullable=False),
    Column("length", Integer, nullable=False),
    Column("language", String, nullable=False),
    Column("digest", String, nullable=False),
    Column("before_id", String, nullable=True, index=True),
    Column("in_chroma", Integer, nullable=False, default=0),
    Index("ix_memory_passage_in_chroma", "in_chroma"),
)
# The vectors of a passage's sentences, one behind the other, and how many they are.
vectors = Table(
    "memory_vector",
    metadata,
    Column("seq", _Seq, primary_key=True, autoincrement=False),
    Column("number", Integer, nullable=False),
    Column("vectors", LargeBinary, nullable=False),
)
# What Chroma still holds of passages that are gone here.
gone = Table("memory_gone", metadata, Column("chroma_id", String, primary_key=True))
state = Table(
    "memory_state", metadata, Column("name", String, primary_key=True), Column("value", Text, nullable=False)
)

_SQLITE = (
    "CREATE VIRTUAL TABLE memory_text USING fts5(terms, content='memory_passage', content_rowid='seq', "
    "tokenize=\"unicode61 tokenchars '#'\")",
    "CREATE VIRTUAL TABLE memory_vocabulary USING fts5vocab(memory_text, 'row')",
    "CREATE TRIGGER memory_text_added AFTER INSERT ON memory_passage BEGIN "
    "INSERT INTO memory_text(rowid, terms) VALUES (new.seq, new.terms); END",
    "CREATE TRIGGER memory_text_removed AFTER DELETE ON memory_passage BEGIN "
    "INSERT INTO memory_text(memory_text, rowid, terms) VALUES ('delete', old.seq, old.terms); END",
)
_SQLITE_DROP = ("DROP TABLE IF EXISTS memory_vocabulary", "DROP TABLE IF EXISTS memory_text")
_POSTGRESQL = (
    "ALTER TABLE memory_passage ADD COLUMN lexemes tsvector "
    "GENERATED ALWAYS AS (array_to_tsvector(string_to_array(terms, ' '))) STORED",
    "CREATE INDEX ix_memory_passage_lexemes ON memory_passage USING gin (lexemes)",
)


def exists(connection: Connection) -> bool:
    """Whether the index's tables are there."""
    return inspect(connection).has_table(state.name)


def create(connection: Connection) -> None:
    """Makes the tables and the database's own text index."""
    metadata.create_all(connection)
    for statement in _SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL:
        connection.execute(text(statement))


def drop(connection: Connection) -> None:
    """Drops everything of the index."""
    if connection.dialect.name == "sqlite":
        for statement in _SQLITE_DROP:
            connection.execute(text(statement))
    metadata.drop_all(connection)


def read_state(connection: Connection) -> dict[str, str]:
    """What the index says of itself: embedder, chunker, schema, counts."""
    return {name: value for name, value in connection.execute(state.select())}


def write_state(connection: Connection, values: Mapping[str, str]) -> None:
    """Sets entries of the state."""
    connection.execute(state.delete().where(state.c.name.in_(list(values))))
    connection.execute(state.insert(), [{"name": name, "value": value} for name, value in values.items()])


def document_counts(connection: Connection, terms: Sequence[str]) -> dict[str, int]:
    """In how many passages each term occurs; terms that occur nowhere are left out."""
    if not terms:
        return {}
    if connection.dialect.name == "sqlite":
        query = text("SELECT term, doc FROM memory_vocabulary WHERE term IN :terms")
        rows = connection.execute(query.bindparams(bindparam("terms", expanding=True)), {"terms": list(terms)})
        return {term: int(number) for term, number in rows}
    query = text("SELECT count(*) FROM memory_passage WHERE lexemes @@ CAST(:query AS tsquery)")
    counted = {term: connection.execute(query, {"query": _lexeme(term)}).scalar_one() for term in terms}
    return {term: int(number) for term, number in counted.items() if number}


def occurs(connection: Connection, term: str) -> bool:
    """Whether any passage holds a term."""
    if connection.dialect.name == "sqlite":
        query, value = "SELECT 1 FROM memory_text WHERE memory_text MATCH :term LIMIT 1", f'"{term}"'
    else:
        query = "SELECT 1 FROM memory_passage WHERE lexemes @@ CAST(:term AS tsquery) LIMIT 1"
        value = _lexeme(term)
    return connection.execute(text(query), {"term": value}).first() is not None


def only_with(statement: Select[Any], dialect: str, terms: Sequence[str]) -> Select[Any]:
    """A SELECT over passages, narrowed to those with any of the terms, the database's best first."""
    if dialect == "sqlite":
        found = table("memory_text", column("rowid"), column("rank"))
        query = " OR ".join(f'"{term}"' for term in terms)
        narrowed = statement.join(found, found.c.rowid == passages.c.seq)
        return narrowed.where(text("memory_text MATCH :lexical").bindparams(lexical=query)).order_by(found.c.rank)
    query = " | ".join(map(_lexeme, terms))
    lexemes: ColumnElement[Any] = literal_column("memory_passage.lexemes")
    wanted = text("CAST(:lexical AS tsquery)").bindparams(lexical=query)
    return statement.where(lexemes.op("@@")(wanted)).order_by(func.ts_rank(lexemes, wanted).desc())


def _lexeme(term: str) -> str:
    quoted = term.replace("\\", "\\\\").replace("'", "''")
    return f"'{quoted}'"
