"""What an operator may choose, and the only place that reads the environment.

RITAGLIO_INDEX       whoosh:var/index   the engine to answer from
RITAGLIO_INDEX_PASSWORD (unset)         of the user that an opensearch: index names
RITAGLIO_INDEX_KEY   (unset)            a key of that cluster, where there is no user
RITAGLIO_HOST        127.0.0.1          the address to listen on; 0.0.0.0 is every one
RITAGLIO_PORT        8000               0 takes a free one
RITAGLIO_WORKERS     one per core       processes that answer
RITAGLIO_THREADS     64                 searches under way in each, and other answers
RITAGLIO_CONNECTIONS 1000               clients connected to each process at once
RITAGLIO_PATIENCE    15                 seconds for a request to come, an answer to go
RITAGLIO_REQUEST_TIME 300               seconds after which a request is given up
RITAGLIO_SEARCH_TIME 5                  seconds that one search may take
RITAGLIO_QUERY_LENGTH 2000              characters of a query
RITAGLIO_QUERY_WORDS 256                words in it
RITAGLIO_QUERY_DEPTH 20                 parentheses within parentheses
RITAGLIO_QUERY_PATTERNS 10              words with * or ~
RITAGLIO_QUERY_FORMS 1000               words of the index that one with ~ stands for
RITAGLIO_OFFSET      1000000000         results that may be passed over
RITAGLIO_SEARCH_BODY 65536              bytes of a search that comes as a body
RITAGLIO_ARTICLE_SIZE 16                MiB of an article that is sent, alone or as a line
RITAGLIO_BODY_SIZE   4096               MiB of a body of many articles, unpacked
RITAGLIO_HEAD_SIZE   65536              bytes of a request before its body
RITAGLIO_MEMORY      2048               MiB that one process may take; 0 is no bound
RITAGLIO_GRACE       8                  seconds that a stop waits for answers under way
RITAGLIO_PAGE_SIZE   10                 results where a request names no limit
RITAGLIO_ACCESS_LOG  0                  1 writes a line per request to standard output
RITAGLIO_LOG_FORMAT  text               json writes log lines for programs
RITAGLIO_KEYS        (unset)            KEY:SCOPE[:NAME], more of them after commas: who may
RITAGLIO_KEYS_FILE   (unset)            a file with one of them on each line
RITAGLIO_ORIGINS     (unset)            web origins whose pages may ask, commas between; * is all
RITAGLIO_PROXIES     0                  proxies in front: how many, or their addresses
RITAGLIO_READ_RATE   0                  300/minute: how often one client may read; 0 is no limit
RITAGLIO_WRITE_RATE  0                  the same of writing
RITAGLIO_CONTACT     (unset)            whom to ask about this service: an address of web or mail
RITAGLIO_TERMS       (unset)            the web address of its terms of service
NO_COLOR             (unset)            set to anything: no bold type in the terminal
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from indexer.engines import DEFAULT_INDEX
from service.access.clients import MOST_HOPS, NO_PROXIES, Proxies
from service.access.keys import NO_KEYS, Keyring, KeysError, from_list
from service.access.quotas import MOST, UNLIMITED, WINDOWS, Rate
from service.cores import cores
from service.limits import DEFAULTS, RANGES, Limits
from service.logs import Style

_ORIGIN = re.compile(r"https?://(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?")

_WEB = re.compile(r"https?://[^\s/?#@]+(?:[/?#]\S*)?", re.IGNORECASE)
_MAIL = re.compile(r"[^\s@/:]+@[^\s@/:]+")


class SettingsError(Exception):
    """A setting that cannot be read; the message names it and says what it may be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How one service runs."""

    index: str = DEFAULT_INDEX
    index_password: str = ""  # only whether there is one: the engine asks for it itself
    index_key: str = ""
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    threads: int = 64  # an idle one costs nothing
    connections: int = 1_000
    patience: int = 15
    request_time: int = 300
    search_time: int = 5
    limits: Limits = DEFAULTS
    memory: int = 2_048
    grace: int = 8  # containers are killed ten seconds after they are asked to stop
    page_size: int = 10
    access_log: bool = False
    log_format: Style = Style.TEXT
    keys: Keyring = NO_KEYS
    keys_file: str = ""
    origins: str = ""
    proxies: Proxies = NO_PROXIES
    read_rate: Rate = UNLIMITED
    write_rate: Rate = UNLIMITED
    contact: str = ""
    terms: str = ""
    colour: bool = True


_DEFAULTS = Settings()

_PREFIX = "RITAGLIO_"
VARIABLES = {
    _PREFIX + name.upper(): name
    for field in Settings.__dataclass_fields__
    for name in (RANGES if field == "limits" else [field])
    if name != "colour"
}
"""Environment variable → field of Settings, or of its Limits."""

# Of a service named «ritaglio» Kubernetes tells every pod the address, unasked.
_OF_KUBERNETES = re.compile(r"_SERVICE_HOST$|_SERVICE_PORT|_PORT_\d+_")


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read *environ*, by default this process's own; empty values count as unset."""
    given = {
        name: value.strip()
        for name, value in (os.environ if environ is None else environ).items()
        if value.strip()
    }
    for name in given:
        _check_known(name)
    return Settings(
        index=given.get("RITAGLIO_INDEX", _DEFAULTS.index),
        index_password=_whether(given, "RITAGLIO_INDEX_PASSWORD"),
        index_key=_whether(given, "RITAGLIO_INDEX_KEY"),
        host=given.get("RITAGLIO_HOST", _DEFAULTS.host),
        port=_number(given, "RITAGLIO_PORT", _DEFAULTS.port, 0, 65_535),
        workers=_number(given, "RITAGLIO_WORKERS", cores(), 1, 512),
        threads=_number(given, "RITAGLIO_THREADS", _DEFAULTS.threads, 1, 1_000),
        connections=_number(given, "RITAGLIO_CONNECTIONS", _DEFAULTS.connections, 10, 100_000),
        patience=_number(given, "RITAGLIO_PATIENCE", _DEFAULTS.patience, 1, 3_600),
        request_time=_number(given, "RITAGLIO_REQUEST_TIME", _DEFAULTS.request_time, 1, 86_400),
        search_time=_number(given, "RITAGLIO_SEARCH_TIME", _DEFAULTS.search_time, 1, 3_600),
        limits=_limits(given),
        memory=_number(given, "RITAGLIO_MEMORY", _DEFAULTS.memory, 0, 1_000_000),
        grace=_number(given, "RITAGLIO_GRACE", _DEFAULTS.grace, 1, 3_600),
        page_size=_number(given, "RITAGLIO_PAGE_SIZE", _DEFAULTS.page_size, 1, 100),
        access_log=bool(_number(given, "RITAGLIO_ACCESS_LOG", 0, 0, 1)),
        log_format=_style(given),
        keys=_keys(given),
        keys_file=given.get("RITAGLIO_KEYS_FILE", ""),
        origins=_origins(given),
        proxies=_proxies(given),
        read_rate=_rate(given, "RITAGLIO_READ_RATE"),
        write_rate=_rate(given, "RITAGLIO_WRITE_RATE"),
        contact=_address(
            given,
            "RITAGLIO_CONTACT",
            (_WEB, _MAIL),
            "an address of the web or of mail, such as https://www.example.org/contatti or "
            "redazione@example.org",
        ),
        terms=_address(
            given,
            "RITAGLIO_TERMS",
            (_WEB,),
            "an address of the web, such as https://www.example.org/condizioni",
        ),
        colour="NO_COLOR" not in given,
    )


def explained(settings: Settings, environ: Mapping[str, str] | None = None) -> Iterator[str]:
    """Yield a line for each of *settings*: its variable, its value, and where that came from."""
    found = os.environ if environ is None else environ
    for name, field in VARIABLES.items():
        value = _chosen(settings, field)
        shown = int(value) if isinstance(value, bool) else value
        if found.get(name, "").strip():
            origin = "environment" if value == _chosen(read_settings(found), field) else "option"
        else:
            own = read_settings({})
            origin = "default" if value == _chosen(own, field) else "option"
        yield f"{name}={shown}  # {origin}"


def _chosen(settings: Settings, field: str) -> object:
    return getattr(settings.limits if field in RANGES else settings, field)


def _check_known(name: str) -> None:
    if not name.startswith(_PREFIX) or name in VARIABLES or _OF_KUBERNETES.search(name):
        return
    close = get_close_matches(name, VARIABLES, n=1)
    hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(VARIABLES)}."
    raise SettingsError(f"There is no setting {name}: {hint}")


def _whether(given: Mapping[str, str], name: str) -> str:
    return "(set)" if name in given else ""


def _limits(given: Mapping[str, str]) -> Limits:
    return Limits(
        **{
            field: _number(given, _PREFIX + field.upper(), getattr(DEFAULTS, field), *ends)
            for field, ends in RANGES.items()
        }
    )


def _style(given: Mapping[str, str]) -> Style:
    text = given.get("RITAGLIO_LOG_FORMAT", Style.TEXT)
    try:
        return Style(text)
    except ValueError:
        raise SettingsError(f"RITAGLIO_LOG_FORMAT is text or json, not {text!r}.") from None


def _keys(given: Mapping[str, str]) -> Keyring:
    try:
        return from_list(given.get("RITAGLIO_KEYS", ""), "RITAGLIO_KEYS")
    except KeysError as error:
        raise SettingsError(str(error)) from None


def _origins(given: Mapping[str, str]) -> str:
    text = given.get("RITAGLIO_ORIGINS", "")
    origins = [origin.strip() for origin in text.split(",") if origin.strip()]
    if origins != ["*"]:
        for origin in origins:
            if not _ORIGIN.fullmatch(origin):
                raise SettingsError(
                    "RITAGLIO_ORIGINS are origins such as https://www.example.org, in lower case "
                    f"and without a path, or * alone, not {origin!r}."
                )
    return ",".join(origins)


def _proxies(given: Mapping[str, str]) -> Proxies:
    text = given.get("RITAGLIO_PROXIES", "0")
    try:
        return Proxies.parse(text)
    except ValueError:
        raise SettingsError(
            f"RITAGLIO_PROXIES is a number from 0 to {MOST_HOPS}, or addresses and networks such "
            f"as 10.0.0.0/8,::1, not {text!r}."
        ) from None


def _address(
    given: Mapping[str, str], name: str, kinds: Iterable[re.Pattern[str]], expected: str
) -> str:
    text = given.get(name, "")
    if text and not any(kind.fullmatch(text) for kind in kinds):
        raise SettingsError(f"{name} is {expected}, not {text!r}.")
    return text


def _rate(given: Mapping[str, str], name: str) -> Rate:
    text = given.get(name, "0")
    try:
        return Rate.parse(text)
    except ValueError:
        raise SettingsError(
            f"{name} is a number up to {MOST} per {', '.join(WINDOWS)}, as in 300/minute, "
            f"or 0 for no limit, not {text!r}."
        ) from None


def _number(given: Mapping[str, str], name: str, default: int, lowest: int, highest: int) -> int:
    text = given.get(name)
    if text is None:
        return default
    # int() alone would also take «1_0», «+1» and the digits of other scripts.
    readable = text.isascii() and text.isdigit() and len(text) < 10
    if not (readable and lowest <= int(text) <= highest):
        raise SettingsError(f"{name} is a number from {lowest} to {highest}, not {text!r}.")
    return int(text)
