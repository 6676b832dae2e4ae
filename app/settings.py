"""Every setting of the server, with its default; each is read from the environment."""

from __future__ import annotations

from pathlib import Path

from pydantic import AliasChoices, Field, PositiveInt
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


_PORT = AliasChoices("PORT", "INKSCOPE_PORT", "port")


def variable(setting: str) -> str:
    """The environment variable of a setting.

    >>> variable("max_batch"), variable("port")
    ('INKSCOPE_MAX_BATCH', 'PORT')
    """
    return "PORT" if setting.upper() == "PORT" else f"INKSCOPE_{setting.upper()}"


class Settings(BaseSettings):
    """Read from `INKSCOPE_…` variables, `PORT` also without the prefix, as hosting platforms set it."""

    model_config = SettingsConfigDict(env_prefix="INKSCOPE_", frozen=True)

    host: str = Field("127.0.0.1", description="the address to listen on; 0.0.0.0 for all")
    port: int = Field(8000, ge=0, le=65535, validation_alias=_PORT, description="the port to listen on")
    weights: Path = Field(ROOT / "weights" / "digits.npz", description="the network")
    max_body_bytes: PositiveInt = Field(2 * 1024 * 1024, description="a larger request is refused with 413")
    max_pixels: PositiveInt = Field(4_000_000, description="a larger picture is refused with 413, before it is decoded")
    max_batch: PositiveInt = Field(256, description="more drawings in one request are refused with 422")
    max_batch_pixels: PositiveInt = Field(24_000_000, description="more pixels in one batch are refused with 413")
    access_log: bool = Field(True, description="one JSON line a request on standard output")
    drain_seconds: PositiveInt = Field(5, description="how long running requests may take to end after SIGTERM")
