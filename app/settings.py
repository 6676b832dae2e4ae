"""Settings of the server, with their defaults; each is read from the environment."""

import difflib
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import AliasChoices, Field, NonNegativeInt, PositiveInt, ValidationError, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.middleware.root_path import normalize_root_path

ROOT = Path(__file__).resolve().parent.parent
Seconds = Annotated[float, Field(ge=0, le=3600)]
_KUBERNETES: Final = re.compile(r"INKSCOPE_(SERVICE|PORT)_")
_ORIGIN: Final = re.compile(r"[a-z][a-z0-9+.-]*://([a-z0-9._~-]+|\[[0-9a-f:.]+\])(:\d{1,5})?")
_DEFAULT_PORTS: Final = {"http": ":80", "https": ":443"}  # which browsers leave out
_BY_MEMORY: Final = " (0: a share of the container's memory)"
# The first that is set wins: PORT, which hosting platforms set, and the image. Kubernetes sets INKSCOPE_PORT to a URL
# for a service named inkscope, which is no port.
_PORT = AliasChoices("PORT", "INKSCOPE_PORT", "port")


def variable(setting: str) -> str:
    """The environment variable of a setting.

    >>> variable("max_batch"), variable("port")
    ('INKSCOPE_MAX_BATCH', 'PORT')
    """
    return "PORT" if setting.upper() == "PORT" else f"INKSCOPE_{setting.upper()}"


def unknown_variables(environment: Iterable[str]) -> list[str]:
    """A sentence for each variable that looks like a setting and is none: a misspelt limit would limit nothing.

    Variables that Kubernetes adds for a service named inkscope are ignored, and those of training.

    >>> unknown_variables(["INKSCOPE_MAX_BATH", "INKSCOPE_SERVICE_HOST", "HOME"])
    ['INKSCOPE_MAX_BATH is no setting and does nothing; did you mean INKSCOPE_MAX_BATCH?']
    """
    known = {variable(name) for name in Settings.model_fields} | {"INKSCOPE_PORT", "INKSCOPE_WORKERS"}
    sentences = []
    for name in sorted(environment):
        if name.upper().startswith("INKSCOPE_") and name.upper() not in known and not _KUBERNETES.match(name):
            close = difflib.get_close_matches(name.upper(), known, 1) or ["one of those in the README"]
            sentences.append(f"{name} is no setting and does nothing; did you mean {close[0]}?")
    return sentences


def normalize_origin(text: str) -> str:
    """An origin as browsers write it, which it is compared with: without a slash, a default port or capitals.

    >>> normalize_origin("https://A.example/"), normalize_origin("http://localhost:80"), normalize_origin("*")
    ('https://a.example', 'http://localhost', '*')

    Raises:
        PydanticCustomError: it is none.
    """
    origin = text.removesuffix("/").lower()
    if origin != "*" and not _ORIGIN.fullmatch(origin):
        sentence = f"{text} is no site: write https://a.example, with its scheme, and a port at most behind it"
        raise PydanticCustomError("origin", "{sentence}", {"sentence": sentence})
    return origin.removesuffix(_DEFAULT_PORTS.get(origin.partition("://")[0], ""))


class Settings(BaseSettings):
    """Read from `INKSCOPE_…` variables; the port from `PORT`, else from `INKSCOPE_PORT`."""

    model_config = SettingsConfigDict(env_prefix="INKSCOPE_", frozen=True)

    host: str = Field("127.0.0.1", description="the address to listen on; 0.0.0.0 for all")
    port: int = Field(
        8000, ge=0, le=65535, validation_alias=_PORT, description="the port to listen on; wins over `INKSCOPE_PORT`"
    )
    weights: Path = Field(ROOT / "weights" / "digits.npz", description="the small network; the wide one lies beside it")
    network: Literal["small", "wide"] = Field("small", description="which answers a request that names none")
    max_body_bytes: PositiveInt = Field(8 * 1024 * 1024, description="a larger request is refused with 413")
    max_pixels: PositiveInt = Field(
        4_000_000,
        description="a larger picture is refused with 413, before it is decoded; a JPEG of 2,000 pixels a side or more "
        "is decoded, and counts, at 1/2, 1/4 or 1/8 of its size",
    )
    max_batch: PositiveInt = Field(256, description="more drawings in one request are refused with 422")
    max_batch_pixels: PositiveInt = Field(3_300_000, description="more pixels in one batch are refused with 413")
    max_waiting: PositiveInt = Field(64, description="more pictures too large to be read at once wait no more: 503")
    max_decoded_bytes: NonNegativeInt = Field(
        0, description="of pictures while they are decoded, all together; more wait, then get 503" + _BY_MEMORY
    )
    max_buffered_bytes: NonNegativeInt = Field(
        0, description="of bodies above 64 KiB, all together; a request that would hold more gets 503" + _BY_MEMORY
    )
    max_unread_bytes: NonNegativeInt = Field(
        0, description="of replies that wait to be read, all together; the connection with most is cut off" + _BY_MEMORY
    )
    max_connections: PositiveInt = Field(1000, description="a further one gets 503, unless one of them is idle")
    max_connections_per_client: PositiveInt = Field(
        250, description="a further one from the same address (of IPv6: /64) gets 429, unless one of them is idle"
    )
    max_requests_per_client: NonNegativeInt = Field(
        650, description="a second from the same address, and four seconds' worth at once; more get 429; 0: no limit"
    )
    header_seconds: Seconds = Field(5, description="how long a request's head may take to come: 408")
    body_seconds: Seconds = Field(9, description="how long its body may take: 408")
    write_seconds: Seconds = Field(7, description="how long a client may take to read a reply before it is cut off")
    keep_alive_seconds: PositiveInt = Field(5, description="how long a connection may be idle between two requests")
    root_path: str = Field(
        "",
        description="the path that a proxy serves it under, `/digits`, be it taken off on the way or not; a trusted "
        "proxy's `X-Forwarded-Prefix` wins",
    )
    cors_origins: str = Field(
        "", description="other sites whose pages may ask: `https://a.example,https://b.example`, or `*` for all"
    )
    allowed_hosts: str = Field(
        "", description="the names it goes by: `a.example,*.b.example`; another `Host` gets 421 (probes excepted)"
    )
    metrics_port: int = Field(0, ge=0, le=65535, description="a port of their own for `/metrics`, then nowhere else")
    access_log: bool = Field(True, description="one JSON line a request on standard output")
    grace_seconds: Seconds = Field(
        2, description="how long after SIGTERM, no longer ready, it goes on: until no proxy sends requests any more"
    )
    drain_seconds: PositiveInt = Field(5, description="how long running requests may then take to end")

    @field_validator("cors_origins")
    @classmethod
    def _as_browsers_write_them(cls, origins: str) -> str:
        return ",".join(map(normalize_origin, origins.replace(",", " ").split()))

    @field_validator("root_path")
    @classmethod
    def _without_a_slash_at_its_end(cls, path: str) -> str:
        normalized = normalize_root_path(path)
        if normalized is None:
            raise PydanticCustomError("root_path", "write /digits: a slash, then letters, digits and . _ ~ -")
        return normalized


def read_settings() -> Settings:
    """The settings in the environment; where they are wrong, a sentence ends the process."""
    try:
        return Settings()
    except ValidationError as error:
        faults = "; ".join(
            f"{variable(str(fault['loc'][0]))}: {fault['msg']} (it is {fault['input']!r})" for fault in error.errors()
        )
        sys.exit(f"The settings cannot be used: {faults}")
