"""The answer of POST /predict as plain Python: what the peers that the benchmarks measure against reply."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from model.recognize import Reading


def plain_answer(reading: Reading, model: str) -> dict[str, Any]:
    """To the first picture, as lists of Python's numbers."""
    return {
        "digit": reading.digit(0),
        "confidence": float(reading.probabilities[0].max()),
        "probabilities": reading.probabilities[0].tolist(),
        "verdict": reading.verdicts[0],
        "novelty": float(reading.novelty[0]),
        "activations": [
            {"layer": f"hidden{k}", "values": values[0].tolist()}
            for k, values in enumerate(reading.activations, start=1)
        ],
        "input": reading.pictures[0].tolist(),
        "model": model,
    }
