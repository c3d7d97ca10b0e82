"""From a recording to changes that wait for a yes: with stored transcripts, and a real model where one is."""

import pytest

from agent import answer_approval
from agent.approval_forms import approval_form, edit_approval
from agent.runtime import build_runtime
from agent.voice import take_voice_note
from core.parts import Text
from core.settings import Settings
from crm_store.principals import SYSTEM
from evals.speaking import lacking, speak, whisper_folder
from speech.audio import RecordingError
from speech.hearing import hear
from speech.transcript import Transcript
from speech.whisper import WhisperModelError, WhisperTranscriber
from tests.speech.recordings import encode, tone

MARCUS = "marcus@northstar.example"
EN = (
    "Visit at Copper Line Mining today with Hanna Moreno, about 40 minutes. She likes it and wants a demo. "
    "Move Copperline plant monitoring to Proposal. I promised to send her the pricing by Friday."
)


class Stored:
    """Gives a stored transcript, as a provider would."""

    def __init__(self, text, language="en", confidence=0.9):
        self.found, self.names = Transcript(text, language, confidence), ()

    def transcribe(self, audio, recording, names, progress, language=""):
        self.names = names
        progress(1.0)
        return self.found


@pytest.fixture
def runtime(northstar_url, clock, tmp_path):
    settings = Settings(home=tmp_path, database_url=northstar_url, memory_enabled=False)
    built = build_runtime(settings, clock=clock)
    yield built
    built.close()


def take(runtime, transcriber, **more):
    recording = encode(tone(2), "wav")
    return take_voice_note(
        runtime, MARCUS, recording, transcriber, where="file:///note.wav", channel="cli", **more
    )


def entries(runtime):
    with runtime.store.unit_of_work(SYSTEM, writes=False) as uow:
        return len(uow.all("interaction")), len(uow.all("task"))


def told(reply):
    return "\n".join(part.text for part in reply.of_type(Text))


def test_a_note_waits_for_a_yes_part_by_part_and_keeps_its_recording(runtime):
    before, shares = entries(runtime), []
    spoken = take(runtime, Stored(EN), progress=shares.append)
    assert shares == [1.0]
    assert entries(runtime) == before
    assert "Copperline Mining today with Hannah Moreno" in spoken.heard.text
    kinds = {each.changes[0].record.kind: each for each in spoken.reply.approvals}
    assert set(kinds) == {"interaction", "deal", "task"}
    assert kinds["task"].source == "I promised to send her the pricing by Friday."
    assert kinds["deal"].source == "Move Copperline plant monitoring to Proposal."
    for kind, approval in kinds.items():
        answer_approval(runtime, MARCUS, approval.approval_id, kind != "task")
    assert entries(runtime) == (before[0] + 1, before[1])
    with runtime.store.unit_of_work(SYSTEM, writes=False) as uow:
        logged = next(each for each in uow.all("interaction") if each.recording)
        assert logged.type == "visit"
        assert logged.recording == "file:///note.wav"
        assert "Copper Line Mining → Copperline Mining" in logged.heard
        assert "Hanna Moreno" in logged.heard
        assert "Hannah Moreno" in logged.body
        deal = next(each for each in uow.all("deal") if each.name == "Copperline plant monitoring")
        assert uow.find("stage", deal.stage_id).name == "Proposal"


def test_a_chinese_note(runtime):
    text = "今天拜访了上海成海食品集团的孔贵英，谈了四十分钟。我答应周五前给她发新报价。"
    spoken = take_voice_note(runtime, "lina@northstar.example", encode(tone(2), "wav"), Stored(text, "zh"),
                             where="file:///n.wav", channel="cli")  # fmt: skip
    assert "澄海食品集团的孔桂英" in spoken.heard.text
    kinds = [each.changes[0].record.kind for each in spoken.reply.approvals]
    assert kinds == ["interaction", "task"]
    assert spoken.reply.language == "zh"


EVERYTHING = (
    "Visited Copperline Mining today with Hannah Moreno and their new CFO Robert Lang. She says the price is too high "
    "and they are also looking at Sensoria. Move Copperline pilot to Proposal. I promised to send her the pricing by "
    "Friday."
)


def test_people_met_the_rival_and_objections_are_parts_of_their_own(runtime):
    spoken = take(runtime, Stored(EVERYTHING))
    parts = {(each.changes[0].record.kind, each.changes[0].record.name): each for each in spoken.reply.approvals}
    person = parts["contact", "Robert Lang"]
    assert {field.field: field.after for field in person.changes[0].fields} == {
        "name": "Robert Lang", "account": "Copperline Mining", "title": "CFO",
    }  # fmt: skip
    rival = next(each for each in spoken.reply.approvals if each.changes[0].fields[0].field == "competitor")
    assert (rival.changes[0].fields[0].after, rival.source) == (
        "Sensoria",
        "She says the price is too high and they are also looking at Sensoria.",
    )
    assert "Objection (price): “She says the price is too high" in told(spoken.reply)
    task = parts["task", "Send Hannah Moreno the pricing"]
    assert task.source == "I promised to send her the pricing by Friday."
    for each in spoken.reply.approvals:
        answer_approval(runtime, MARCUS, each.approval_id, each is person)
    with runtime.store.unit_of_work(SYSTEM, writes=False) as uow:
        assert [each.title for each in uow.all("contact") if each.name == "Robert Lang"] == ["CFO"]
        assert not any(each.recording for each in uow.all("interaction"))


SEVERAL = (
    "Visited Copperline Mining today with Hannah Moreno. Move Copperline pilot to Proposal. The amount is now 90,000 "
    "dollars. Next step is a demo on Tuesday."
)


def test_each_thing_that_changes_of_a_deal_is_a_part_with_its_own_words(runtime):
    wanted = {
        "stage": ("Proposal", "Move Copperline pilot to Proposal."),
        "amount": ("USD 90,000", "The amount is now 90,000 dollars."),
        "next_step": ("a demo on Tuesday", "Next step is a demo on Tuesday."),
    }
    parts = {
        each.changes[0].fields[-1 if each.changes[0].fields[0].field != "stage" else 0].field: each
        for each in take(runtime, Stored(SEVERAL)).reply.approvals
        if each.changes[0].record.kind == "deal"
    }
    assert {name: each.source for name, each in parts.items()} == {
        name: said for name, (_, said) in wanted.items()
    }
    for name in ("next_step", "amount", "stage"):
        answer_approval(runtime, MARCUS, parts[name].approval_id, name != "amount")
    with runtime.store.unit_of_work(SYSTEM, writes=False) as uow:
        deal = next(each for each in uow.all("deal") if each.name == "Copperline pilot")
        assert uow.find("stage", deal.stage_id).name == "Proposal"
        assert deal.next_step == "a demo on Tuesday"
        assert deal.amount == 223_500


def test_a_deal_that_is_won_takes_everything_at_once(runtime):
    note = "Visited Copperline Mining today. Copperline pilot is won for 90,000 dollars."
    deals = [each for each in take(runtime, Stored(note)).reply.approvals if each.changes[0].record.kind == "deal"]
    assert [{"stage", "amount"} <= {field.field for field in each.changes[0].fields} for each in deals] == [True]


def test_an_edited_part_keeps_its_words_and_its_reason(runtime):
    part = next(each for each in take(runtime, Stored(SEVERAL)).reply.approvals
                if [field.field for field in each.changes[0].fields] == ["amount"])  # fmt: skip
    key = next(each.key for each in approval_form(runtime, MARCUS, part.approval_id) if each.field == "amount")
    edited = edit_approval(runtime, MARCUS, part.approval_id, {key: "80000"})
    assert edited.changes[0].fields[0].after == "USD 80,000"
    assert edited.source == part.source
    assert set(part.reasons) <= set(edited.reasons)


def test_what_is_logged_are_the_speakers_own_words(runtime):
    log = next(each for each in take(runtime, Stored(SEVERAL)).reply.approvals
               if each.changes[0].record.kind == "interaction")  # fmt: skip
    assert log.source == SEVERAL
    answer_approval(runtime, MARCUS, log.approval_id, True)
    with runtime.store.unit_of_work(SYSTEM, writes=False) as uow:
        (logged,) = [each for each in uow.all("interaction") if each.recording]
        assert logged.body == SEVERAL
        assert logged.subject.startswith("Visited Copperline")


def test_facts_of_someone_new_are_not_put_on_somebody_else(runtime):
    note = "Met Peter Smith, the new plant manager at Redwood Plastics. His email is peter@redwood.example."
    changed = {
        (each.changes[0].record.kind, each.changes[0].action)
        for each in take(runtime, Stored(note)).reply.approvals
    }
    assert changed == {("interaction", "created"), ("contact", "created")}


def test_a_chinese_note_proposes_whom_it_introduces(runtime):
    text = "今天拜访了上海澄海食品集团，见了孔桂英和新来的采购总监马丽。他们觉得价格太贵，还在看西门子的方案。"
    spoken = take_voice_note(runtime, "lina@northstar.example", encode(tone(2), "wav"), Stored(text, "zh"),
                             where="file:///n.wav", channel="cli")  # fmt: skip
    names = [(each.changes[0].record.kind, each.changes[0].record.name) for each in spoken.reply.approvals]
    assert ("contact", "马丽") in names
    assert "异议（价格）" in told(spoken.reply)


@pytest.mark.parametrize(
    ("note", "language", "told", "not_told"),
    [
        (
            "Visited Copperline Mining today with Hannah Moreno. She promised to send us the network plan next week. "
            "I promised to send her the pricing by Friday.",
            "en",
            "Their promise: “She promised to send us the network plan next week.”",
            "Your promise",
        ),
        (
            "今天拜访了上海澄海食品集团的孔桂英。她答应下周把图纸发给我们。我答应周五前给她发新报价。",
            "zh",
            "对方的承诺：“她答应下周把图纸发给我们。”",
            "您的承诺",
        ),
    ],
)
def test_promises_of_the_others_are_told_and_ours_are_tasks(runtime, note, language, told, not_told):
    who = MARCUS if language == "en" else "lina@northstar.example"
    spoken = take_voice_note(
        runtime, who, encode(tone(2), "wav"), Stored(note, language), where="x", channel="cli"
    )
    heard = "\n".join(part.text for part in spoken.reply.of_type(Text))
    assert told in heard
    assert not_told not in heard
    tasks = [each for each in spoken.reply.approvals if each.changes[0].record.kind == "task"]
    assert len(tasks) == 1


def test_what_is_on_record_is_not_proposed_again(runtime):
    note = "Visited Copperline Mining today with their new CFO Hannah Moreno."
    kinds = [each.changes[0].record.kind for each in take(runtime, Stored(note)).reply.approvals]
    assert kinds == ["interaction"]


def test_a_spoken_question_is_answered_and_changes_nothing(runtime):
    spoken = take(runtime, Stored("Which of my deals close this month?"))
    assert not spoken.reply.approvals
    assert spoken.reply.parts


def test_own_names_come_first_as_hotwords(runtime):
    transcriber = Stored(EN)
    take(runtime, transcriber)
    assert "Copperline Mining" in transcriber.names
    assert transcriber.names.index("Copperline Mining") < transcriber.names.index("Priya Nair")


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (Stored(""), "No speech"),
        (Stored("Thank you. " * 30), "No speech"),
        (Stored("la la la", "en", 0.1), "No speech"),
        (Stored("Guten Tag, wir hatten ein Gespräch.", "de"), "another language (de)"),
    ],
)
def test_music_noise_and_other_languages_are_refused(runtime, found, says):
    before = entries(runtime)
    with pytest.raises(RecordingError) as refused:
        take(runtime, found)
    assert says in refused.value.message
    assert entries(runtime) == before


def test_a_folder_that_is_no_model_is_named(tmp_path):
    with pytest.raises(WhisperModelError, match=r"lacks model\.bin"):
        WhisperTranscriber(tmp_path)


@pytest.fixture(scope="session")
def whisper():
    """A real model: from the environment, or put together from installed packages."""
    pytest.importorskip("faster_whisper", reason="the extra `speech` is not installed")
    folder = whisper_folder()
    if folder is None:
        pytest.skip("no Whisper model: make speech, or set DEALHAND_WHISPER_MODEL")
    return WhisperTranscriber(folder)


def spoken(text, language):
    lacks = lacking(language)
    if lacks:
        pytest.skip(lacks)
    return speak([text], language)[0]


@pytest.mark.slow
def test_real_speech_is_heard_with_names_from_the_crm(whisper):
    recording = spoken("Visited Copperline Mining today with Hannah Moreno. Send her the pricing by Friday.", "en")
    heard = hear(recording, whisper, ["Copperline Mining", "Hannah Moreno", "Brightwater Foods"])
    assert heard.language == "en"
    assert "Copperline Mining" in heard.text
    assert "Moreno" in heard.text
    assert "Friday" in heard.text


@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh", "mixed"])
def test_real_chinese_speech_becomes_changes_that_wait_for_a_yes(runtime, whisper, language):
    shown = "演示了 Plant Monitor，" if language == "mixed" else ""
    recording = spoken(
        f"今天拜访了上海澄海食品集团的孔桂英，{shown}谈了四十分钟。我答应周五前给她发新报价。", language
    )
    before = entries(runtime)
    spoken_note = take_voice_note(runtime, "lina@northstar.example", recording, whisper, where="file:///n.wav",
                                  channel="cli")  # fmt: skip
    assert spoken_note.heard.language == "zh"
    assert "澄海食品集团的孔桂英" in spoken_note.heard.text
    kinds = [each.changes[0].record.kind for each in spoken_note.reply.approvals]
    assert kinds == ["interaction", "task"]
    assert entries(runtime) == before


@pytest.mark.slow
def test_a_tone_is_no_speech(whisper):
    with pytest.raises(RecordingError):
        hear(encode(tone(6), "wav"), whisper, ["Copperline Mining"])
