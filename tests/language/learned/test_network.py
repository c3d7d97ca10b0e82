"""Messages in pieces, windows over long ones, and numbers of four bits."""

import numpy as np
import pytest

from language.learned.features import WordFeatures
from language.learned.network import SHARED, WINDOW, network, unpacked
from language.learned.pieces import END, START, UNKNOWN, Pieces

PIECES = Pieces(
    ["", "", "", "▁", "▁push", "▁pu", "sh", "▁project", "改", "到", "改到", "m"], [0, 0, 0, *[-2.0] * 9]
)


def words(*texts):
    return [WordFeatures(text, ()) for text in texts]


def test_the_likeliest_pieces_are_taken_and_names_are_written_by_their_kind():
    written = PIECES.write(words("push", "<deal>"))
    assert written.ids.tolist() == [START, 4, 7, END]
    assert written.first.tolist() == written.last.tolist() == [1, 2]


def test_a_chinese_piece_holds_two_words():
    written = PIECES.write(words("m", "改", "到"))
    assert written.ids.tolist() == [START, 3, 11, 10, END]
    assert written.first[1] == written.first[2] == 3
    assert written.offset.tolist() == [0, 0, 1]


def test_unknown_signs_and_endless_words_are_read():
    written = PIECES.write(words("pushq", "x" * 5000))
    assert UNKNOWN in written.ids
    assert len(written.ids) < 40


def test_a_stretch_in_another_script_is_one_piece():
    assert PIECES.write(words("สวัสดีครับ")).ids.tolist() == [START, 3, UNKNOWN, END]


@pytest.mark.parametrize("count", [1, WINDOW, WINDOW + 1, 2 * WINDOW + 7, 1000])
def test_every_word_of_a_long_message_is_read_once(count):
    chances = network().read(words(*["push"] * count))
    assert len(chances.acts) == len(chances.roles) == len(chances.begins) == count


def test_what_stands_far_behind_changes_nothing():
    start = words(*["push", "the", "deal", "to", "friday", "and", "call", "her"])
    filler = words(*["well"] * (WINDOW + SHARED))
    one, other = network().read([*start, *filler]), network().read([*start, *filler, *words("no", "never")])
    assert np.allclose(one.roles[: len(start)], other.roles[: len(start)], atol=1e-5)


def test_words_of_many_pieces_are_read_in_halves():
    strange = words(*["qxzjvkqxzjvkqxzjvkqx"] * WINDOW)
    assert len(network().read(strange).acts) == WINDOW


def test_numbers_of_four_bits():
    block = np.concatenate([np.array([0.5], dtype="<f2").view(np.uint8), np.arange(16, dtype=np.uint8) | 0xF0])
    found = unpacked(block[None])[0]
    assert found[:16].tolist() == [(i - 8) * 0.5 for i in range(16)]
    assert set(found[16:].tolist()) == {3.5}
