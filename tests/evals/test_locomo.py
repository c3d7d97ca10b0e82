"""LoCoMo's public format is read as it is published; the data itself is not ours to ship."""

import json

from evals.bench_memory.locomo import locomo
from tests.memory.hashed_embedder import HashedEmbedder

CONVERSATION = {
    "sample_id": "conv-1",
    "conversation": {
        "speaker_a": "Ann",
        "speaker_b": "Bob",
        "session_1_date_time": "1:56 pm on 8 May, 2023",
        "session_1": [
            {"speaker": "Ann", "dia_id": "D1:1", "text": "I ran the charity race. It rained!"},
            {"speaker": "Bob", "dia_id": "D1:2", "text": "Wow, how was it?"},
        ],
        "session_2_date_time": "9:05 am on 12 June, 2023",
        "session_2": [
            {
                "speaker": "Ann",
                "dia_id": "D2:1",
                "text": "Look.",
                "img_url": ["x"],
                "blip_caption": "a medal on a table",
            },
            {"speaker": "Bob", "dia_id": "D2:2", "text": "My pottery class starts on Monday."},
        ],
    },
    "qa": [
        {"question": "Which race did Ann run?", "answer": "charity", "evidence": ["D1:1"], "category": 4},
        {"question": "Where lies the medal, and what starts?", "evidence": ["D2:01; D2:2"], "category": 1},
        {"question": "What did Bob paint?", "evidence": [], "category": 5, "adversarial_answer": "a sunrise"},
    ],
}


def measured(tmp_path, capsys, conversation):
    path = tmp_path / "locomo10.json"
    path.write_text(json.dumps([conversation]), encoding="utf-8")
    missed = locomo(path, HashedEmbedder())
    return missed, capsys.readouterr().out


def test_questions_with_evidence_are_measured_with_baselines_beside(tmp_path, capsys):
    missed, told = measured(tmp_path, capsys, CONVERSATION)
    assert "1 conversations, 2 questions with evidence" in told
    for name in ("words (BM25)", "meaning (cosine)", "fused"):
        assert name in told
    assert missed == 0


def test_less_than_is_wanted_fails(tmp_path, capsys):
    turns = [{"speaker": "Ann", "dia_id": f"D3:{n}", "text": "Which race did Ann run?"} for n in range(1, 40)]
    drowned = {
        **CONVERSATION["conversation"],
        "session_3_date_time": "1:00 pm on 1 July, 2023",
        "session_3": turns,
    }
    missed, _ = measured(tmp_path, capsys, {**CONVERSATION, "conversation": drowned})
    assert missed == 1
