"""The command that fetches and checks the data."""

from model.data.__main__ import main


def test_it_counts_what_is_there_and_fails_in_a_sentence(small, tmp_path, capsys, monkeypatch):
    assert main(["--data", str(small)]) == 0
    assert "200 test" in capsys.readouterr().out
    monkeypatch.setattr("model.data.mnist.MIRRORS", ())
    assert main(["--data", str(tmp_path)]) == 1
    assert "could not be downloaded" in capsys.readouterr().err
