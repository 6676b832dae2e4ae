"""The file of the numbers of /maths, and the command that writes it."""

from model.lecture.__main__ import main
from model.lecture.numbers import numbers
from model.storage import read_numbers


def test_the_command_writes_the_numbers_of_a_network_beside_its_weights(tmp_path, recognizer):
    network = recognizer.network
    network.save(tmp_path / "w.npz")
    assert main([str(tmp_path / "w.npz")]) == 0
    written = read_numbers(tmp_path / "w.npz", network.name)
    assert written is not None
    assert written.keys() == numbers(network).keys()
    assert written["forward"]["logits"] == numbers(network)["forward"]["logits"]
    assert read_numbers(tmp_path / "w.npz", "another") is None


def test_weights_that_cannot_be_used_end_the_command_with_a_sentence(tmp_path, capsys):
    assert main([str(tmp_path / "none.npz")]) == 1
    assert "none.npz: there is no such weights file" in capsys.readouterr().err
