"""Check 7: voice clips with a transcript, with one still made, with none, without a type; downloads."""

import pytest

from integrations.slack.files import FileRefusedError, download, may_fetch
from integrations.slack.voice import is_audio, mime_of, words_of_vtt
from speech.audio import RecordingError
from tests.integrations.slack.conftest import DM, TOM, action_ids, find_action, shown

CALL = "Called Karl at Acme Robotics, expansion scope is ok for him"
CLIP = {
    "id": "F1",
    "name": "audio_message.m4a",
    "mimetype": "audio/mp4",
    "subtype": "slack_audio",
    "media_display_type": "audio",
    "duration_ms": 5000,
    "size": 1234,
}


def clip(status="complete", text=CALL, **more):
    preview = {"content": text, "has_more": False}
    return {**CLIP, "transcription": {"status": status, "locale": "en-US", "preview": preview}, **more}


def send(desk, file):
    desk.say("", subtype="file_share", files=[file])


def test_07_a_complete_transcript_is_taken_and_every_change_asks(desk, interactions):
    before = len(interactions())
    send(desk, clip())
    heard, card = desk.fake.posted(DM)
    assert "Acme Robotics" in shown(heard)
    assert len(interactions()) == before
    desk.click(card, "approval_apply")
    assert len(interactions()) == before + 1


def test_07_a_transcript_that_is_still_made_is_waited_for(desk):
    desk.fake.files["F1"] = [clip("processing"), clip()]
    send(desk, clip("processing"))
    assert [job.key.rsplit(":", 1)[-1] for job in desk.queue.jobs.values()][1:] == ["1", "2"]
    assert all(job.run_at for job in list(desk.queue.jobs.values())[1:])
    assert "approval_apply" in action_ids(desk.last())


@pytest.mark.parametrize("status", ["failed", "complete"])
def test_07_without_a_transcript_and_without_speech_recognition_a_polite_line(desk, status):
    send(desk, clip(status, text=""))
    (answer,) = desk.fake.posted(DM)
    assert "speech recognition" in shown(answer)


def test_07_a_failed_transcript_goes_to_our_own_recognition(open_desk, monkeypatch):
    desk = open_desk(transcriber=object())
    desk.fake.contents["/files/clip"] = ("audio/mp4", b"sound")
    heard = []

    def hear(recording, transcriber, names, **_):
        heard.append((recording, "Acme Robotics" in names))
        raise RecordingError("No speech could be made out.")

    monkeypatch.setattr("integrations.slack.voice.hear_recording", hear)
    url = desk.fake.url.removesuffix("/api/") + "/files/clip"
    send(desk, clip("failed", text="", url_private_download=url))
    assert heard == [(b"sound", True)]
    assert "No speech" in shown(desk.last())


def test_07_a_clip_without_type_is_known_by_its_marks_and_name(desk):
    bare = clip(mimetype="", filetype="")
    assert is_audio(bare)
    assert mime_of(bare).startswith("audio/")
    assert mime_of({**bare, "mimetype": "video/mp4"}) == "audio/mp4"
    send(desk, bare)
    assert "approval_apply" in action_ids(desk.last())


def test_another_file_gets_a_polite_line(desk):
    send(desk, {"id": "F2", "name": "report.pdf", "mimetype": "application/pdf"})
    assert "report.pdf" in shown(desk.last())


def test_a_longer_transcript_is_read_from_its_file(desk):
    vtt = "\ufeffWEBVTT \n\n1\n00:00:00.000 --> 00:00:02.000\n- Called Karl at Acme Robotics,\n\n" \
          "00:00:02.000 --> 00:00:04.000\n- scope is <b>fine</b>\n"  # fmt: skip
    assert words_of_vtt(vtt) == "Called Karl at Acme Robotics, scope is fine"
    desk.fake.contents["/files/vtt"] = ("text/vtt", vtt.encode())
    file = clip(vtt=desk.fake.url.removesuffix("/api/") + "/files/vtt")
    file["transcription"]["preview"]["has_more"] = True
    send(desk, file)
    assert "scope is fine" in shown(desk.fake.posted(DM)[0])


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://files.slack.com/files-pri/T1-F1/a.m4a", True),
        ("https://x.slack-edge.com/a", True),
        ("http://files.slack.com/a", False),
        ("https://slack.com.evil.example/a", False),
        ("https://evilslack.com/a", False),
        ("http://127.0.0.1:9/a", False),
        ("", False),
    ],
)
def test_files_come_from_slack_only(url, allowed):
    assert may_fetch(url, "https://slack.com/api/") is allowed


def test_a_page_to_sign_in_and_too_much_are_no_file(desk):
    desk.fake.contents["/files/a"] = ("audio/mp4", b"12345")
    url = desk.fake.url.removesuffix("/api/") + "/files/a"
    assert download(url, "xoxb-1", api_url=desk.fake.url) == b"12345"
    with pytest.raises(FileRefusedError):
        download(url, "wrong", api_url=desk.fake.url)
    with pytest.raises(FileRefusedError):
        download(url, "xoxb-1", api_url=desk.fake.url, most=4)


VISIT = (
    "Visited Copperline Mining today with Hannah Moreno. Move Copperline pilot to Proposal. Next step is a demo on "
    "Tuesday. I promised to send her the pricing by Friday."
)


def tick(card, *numbers):
    """The state of the message with only these parts ticked."""
    boxes = find_action(card, "parts_ticked_0")
    chosen = [option for n, option in enumerate(boxes["options"], 1) if n in numbers]
    return {"values": {"b": {"parts_ticked_0": {"type": "checkboxes", "selected_options": chosen}}}}


def test_a_note_is_one_card_whose_parts_have_their_words_and_can_be_unticked(desk, deal, interactions):
    send(desk, clip(text=VISIT))
    card, before, stage_before = desk.last(), len(interactions()), deal("Copperline pilot").stage_id
    boxes = find_action(card, "parts_ticked_0")
    assert boxes["initial_options"] == boxes["options"]
    assert len(boxes["options"]) == 4
    assert action_ids(card).count("parts_apply") == 1
    assert "approval_apply" not in action_ids(card)
    for words in (
        "Move Copperline pilot to Proposal.",
        "I promised to send her the pricing by Friday.",
        "whole note",
    ):
        assert words in shown(card)
    stage = next(n for n, each in enumerate(boxes["options"], 1) if "stage" in each["text"]["text"])
    step = next(n for n, each in enumerate(boxes["options"], 1) if "next step" in each["text"]["text"])
    desk.click(card, "parts_apply", state=tick(card, 1, step))
    assert len(interactions()) == before + 1
    assert deal("Copperline pilot").next_step == "a demo on Tuesday"
    assert deal("Copperline pilot").stage_id == stage_before
    after = desk.again(card)
    assert "parts_apply" not in action_ids(after)
    assert action_ids(after).count("undo") == 2
    assert boxes["options"][stage - 1]["value"] not in shown(after)


def test_the_parts_of_a_note_are_applied_once_by_who_may_and_nothing_by_the_other_button(desk, interactions):
    send(desk, clip(text=VISIT))
    card, before = desk.last(), len(interactions())
    desk.click(card, "parts_apply", user=TOM, state=tick(card, 1, 2, 3, 4))
    assert len(interactions()) == before
    desk.click(card, "parts_apply", run=False)
    desk.click(card, "parts_apply")
    assert len(interactions()) == before + 1
    send(desk, clip(text=VISIT, id="F2"))
    desk.click(desk.last(), "parts_cancel")
    assert len(interactions()) == before + 1
