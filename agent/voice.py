"""A voice note becomes a turn: heard, kept with its recording, said to the agent; every change waits for a yes."""

from dataclasses import dataclass

from agent.reply import Reply, Turn
from agent.runtime import Runtime
from agent.turns import run_turn
from crm_store.directory import find_principal
from crm_store.principals import Principal
from crm_store.query import attribute_of, distinct_values
from crm_store.unit_of_work import UnitOfWork
from crm_store.voice_notes import keep_voice_note
from language.names.entries import Entry
from speech.hearing import Heard, hear
from speech.transcript import Progress, Transcriber
from speech.wording import as_said

# In this order, so that those who speak about their own records are heard best.
_KINDS = ("account", "contact", "product", "deal", "user", "lead")
MOST_NAMES = 3_000


@dataclass(frozen=True, slots=True)
class Spoken:
    """A voice note with the reply to it; each request for a yes in it holds the words that it came from."""

    heard: Heard
    reply: Reply


def take_voice_note(
    runtime: Runtime,
    user_email: str,
    recording: bytes,
    transcriber: Transcriber,
    *,
    where: str,
    channel: str,
    conversation_id: str = "",
    progress: Progress | None = None,
) -> Spoken:
    """Hears a note and says it to the agent on behalf of its speaker.

    Args:
        runtime: The agent.
        user_email: Who speaks.
        recording: The file's bytes.
        transcriber: Who turns them into words.
        where: Where the recording lies, kept with the interaction.
        channel: Through what it came.
        conversation_id: A conversation to go on with.
        progress: Told the share of the transcription that is done.

    Raises:
        RecordingError: nothing can be made of the recording; nothing was written.
        UnknownUserError: there is no such user.
    """
    principal = find_principal(runtime.store, user_email)
    heard = hear(recording, transcriber, spoken_names(runtime, principal), progress=progress)
    said = as_note(heard)
    keep_heard(runtime, principal, said, heard, where)
    turn = Turn(principal.email, said, conversation_id=conversation_id, channel=channel)
    return Spoken(heard, run_turn(runtime, turn))


def as_note(heard: Heard) -> str:
    """What is said to the agent."""
    return as_said(heard.text, heard.language)


def keep_heard(runtime: Runtime, principal: Principal, said: str, heard: Heard, where: str) -> None:
    """Keeps a note, so that a turn with its words asks before every change and links to the recording."""
    keep_voice_note(
        runtime.store,
        principal.user_id,
        said,
        heard=heard.heard,
        recording=where,
        corrections=[(each.heard, each.meant) for each in heard.corrections],
        seconds=heard.seconds,
    )


def spoken_names(runtime: Runtime, principal: Principal) -> list[str]:
    """Names that this person is likely to say: of their own records first, then of all that they may see."""
    with runtime.store.unit_of_work(principal, writes=False) as uow:
        lexicon = runtime.names.lexicon(uow)
        rivals = _rivals(uow)
    own = {entry.id for entry in lexicon.of_kind("account") if entry.owner_id == principal.user_id}
    ranked: list[tuple[bool, int, Entry]] = []
    for place, kind in enumerate(_KINDS):
        for entry in lexicon.of_kind(kind):
            theirs = entry.owner_id == principal.user_id or entry.account_id in own or entry.id in own
            ranked.append((not theirs and kind != "product", place, entry))
    ranked.sort(key=lambda each: each[:2])
    own_names = [entry.name for is_other, _, entry in ranked if not is_other]
    return list(dict.fromkeys([*own_names, *rivals, *(entry.name for _, _, entry in ranked)]))[:MOST_NAMES]


def _rivals(uow: UnitOfWork) -> list[str]:
    """The competitors on the deals that the speaker sees, where they may see that field."""
    spec = {each.name: each for each in uow.fields("deal")}.get("competitor")
    return distinct_values(uow, "deal", attribute_of("deal", spec)) if spec is not None else []
