"""A dictated note from the page or a program: heard, said to the agent, every change waiting for a yes."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, File, Form, Request, Response, UploadFile

from agent.voice import take_voice_note
from api.answers import json_answer, object_answer
from api.callers import Talker, conversation_of, served
from speech.hearing import open_transcriber

router = APIRouter(prefix="/v1", tags=["chat"])


@router.post("/voice", summary="Say something by voice", responses=object_answer("What was heard, and the reply."))
def voice(
    request: Request,
    caller: Talker,
    file: Annotated[UploadFile, File(description="A recording: m4a, mp4, ogg, opus, webm, wav or mp3.")],
    conversation: Annotated[str, Form(max_length=60, pattern=r"^[A-Za-z0-9_-]*$")] = "",
) -> Response:
    """Transcribes a note, puts names right and takes it as said; the recording itself is not kept."""
    shared = served(request)
    spoken = take_voice_note(
        shared.runtime,
        caller.principal.email,
        file.file.read(),
        open_transcriber(shared.settings),
        where=f"{caller.channel}: {(file.filename or 'recording')[:100]}",
        channel=caller.channel,
        conversation_id=conversation_of(caller, conversation) if conversation else "",
    )
    heard = spoken.heard
    return json_answer(
        {
            "text": heard.text,
            "language": heard.language,
            "seconds": round(heard.seconds, 1),
            "corrections": [asdict(each) for each in heard.corrections],
            "sources": {each.approval_id: each.source for each in spoken.reply.approvals},
            "reply": spoken.reply.model_dump(mode="json"),
        }
    )
