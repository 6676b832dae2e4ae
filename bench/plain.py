"""The answer of POST /predict as plain Python: what the peers that the benchmarks measure against reply."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from model.recognize import Prediction


def plain_answer(prediction: Prediction, model: str) -> dict[str, Any]:
    """To the first picture, as lists of Python's numbers."""
    return {
        "digit": prediction.digit(0),
        "confidence": float(prediction.probabilities[0].max()),
        "probabilities": prediction.probabilities[0].tolist(),
        "verdict": prediction.verdicts[0],
        "novelty": float(prediction.novelty[0]),
        "activations": [
            {"layer": f"hidden{k}", "values": values[0].tolist()}
            for k, values in enumerate(prediction.activations, start=1)
        ],
        "input": prediction.pictures[0].tolist(),
        "model": model,
    }
