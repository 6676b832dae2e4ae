"""`python -m bench.fuzz_decoder` looks, guided by coverage, for bytes that the decoder neither reads nor refuses.

Ten minutes unless told otherwise; whatever escapes as another exception than a problem ends it with the bytes.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

try:
    import atheris
except ImportError:
    sys.exit("There is no atheris: `make peers` installs it.")

with atheris.instrument_imports(include=["PIL", "app", "model"]):
    import PIL.JpegImagePlugin
    import PIL.PngImagePlugin
    import PIL.WebPImagePlugin  # noqa: F401 - instrumented, before Pillow imports them itself

    from app.input.decode import decode, inspect_image
    from app.middleware.problems import Problem
    from model.preprocess import preprocess_with_placement

from bench.mutations import mended, pictures

MAX_PIXELS = 1 << 16  # far below the server's, so that there are many a second


def one(content: bytes) -> None:
    """Read or refuse it, as it is and with its checksums made right."""
    for variant in {content, mended(content)}:
        try:
            preprocess_with_placement(decode(inspect_image(variant, MAX_PIXELS)))
        except Problem:
            continue


def main() -> None:
    """Until the time is over, or something is found."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=int, default=600)
    seconds = arguments.parse_args().seconds
    with tempfile.TemporaryDirectory() as folder:
        for i, content in enumerate(pictures()):
            (Path(folder) / f"{i}").write_bytes(content)
        options = [f"-max_total_time={seconds}", "-seed=1", "-max_len=16384", "-timeout=5", "-print_final_stats=1"]
        options += [f"-artifact_prefix={tempfile.gettempdir()}/", "-rss_limit_mb=0"]  # its own notes grow
        atheris.Setup([sys.argv[0], *options, folder], one)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
