"""Is closed what should be closed: by scope, by machine, by origin, by how often?"""

from __future__ import annotations

import re
from pathlib import Path

import falcon
import msgspec
import pytest
from falcon.inspect import inspect_app, inspect_routes
from falcon.testing import Result, TestClient

from indexer.articles import Article
from indexer.engines.contract import Engine
from service.access.clients import NO_PROXIES, Proxies
from service.access.keys import NO_KEYS, Keyring, from_list
from service.access.quotas import UNLIMITED, Rate
from service.access.rules import NEEDS, UNLIMITED_ROUTES, needed
from service.access.standing import who_may
from service.app import create_app, local_writes
from service.resources.guard import CHALLENGE
from service.settings import Settings
from tests.engines.memory import MemoryEngine
from tests.service.conftest import Local

READ, WRITE, ADMIN = (f"rit_{name}_{'0' * 40}" for name in ("read", "write", "admin"))
WRITERS = from_list(f"{WRITE}:write:autrice,{ADMIN}:admin", "K")
ALL = from_list(f"{READ}:read:lettore,{WRITE}:write:autrice,{ADMIN}:admin", "K")
AFAR = "192.0.2.7"


class Made:
    """A route of which no rule says anything."""

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        resp.media = {"client": req.context.client}

    on_put = on_post = on_delete = on_get


def client_of(keys: Keyring = NO_KEYS, **settings: object) -> TestClient:
    app = create_app(MemoryEngine(), Settings(keys=keys, **settings))
    app.add_route("/made", Made())
    return Local(app)


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def code(answer: Result) -> str:
    return "" if answer.status_code < 400 else answer.json["code"]


METHODS = [
    (route.path, method.method)
    for route in inspect_routes(create_app(MemoryEngine(), Settings()))
    for method in route.methods
    if not method.internal
]
READING = [(path, method) for path, method in METHODS if method in ("GET", "HEAD")]


def test_every_route_says_what_reading_it_needs() -> None:
    assert READING
    assert {path for path, _ in READING} == set(NEEDS)
    assert set(NEEDS) > UNLIMITED_ROUTES


def test_what_no_rule_names_needs_a_key_that_writes() -> None:
    for method in ("GET", "PUT", "POST", "DELETE", "PATCH", "BREW"):
        assert needed("/made", method).name == "WRITE"
    assert needed("/search", "PUT").name == "WRITE"


@pytest.mark.parametrize(("path", "method"), METHODS)
def test_without_keys_what_does_not_write_is_open_and_what_writes_is_closed_to_the_world(
    path: str, method: str
) -> None:
    answer = client_of().simulate_request(method, path, remote_addr=AFAR)
    writes = needed(path, method).name == "WRITE"
    if method != "HEAD":
        assert (code(answer) == "writing-closed") == writes
    assert (answer.status_code == 403) == writes


@pytest.mark.parametrize(("path", "method"), METHODS)
def test_with_a_read_key_all_but_the_state_and_the_description_is_closed(
    path: str, method: str
) -> None:
    client = client_of(ALL)
    scope = needed(path, method).name
    without = client.simulate_request(method, path)
    assert (without.status_code == 401) == (scope != "ANYONE")
    reading = client.simulate_request(method, path, headers=bearer(READ))
    assert (reading.status_code == 403) == (scope == "WRITE")
    for key in (WRITE, ADMIN):
        answer = client.simulate_request(method, path, headers=bearer(key))
        assert answer.status_code not in (401, 403)


def test_these_are_open_to_everybody_always() -> None:
    open_paths = {path for path, method in READING if needed(path, method).name == "ANYONE"}
    assert open_paths == {
        "/healthz",
        "/readyz",
        "/status",
        "/docs",
        "/openapi.json",
        "/opensearch.xml",
        "/static/{name}",
    }


@pytest.mark.parametrize("method", ["GET", "PUT", "POST", "DELETE"])
@pytest.mark.parametrize(
    ("key", "refused"),
    [
        ("", "key-needed"),
        ("nobody's", "key-unknown"),
        (READ, "scope-too-small"),
        (WRITE, ""),
        (ADMIN, ""),
    ],
)
def test_a_write_needs_a_key_that_writes_from_this_machine_too(
    method: str, key: str, refused: str
) -> None:
    client = client_of(ALL)
    assert code(client.simulate_request(method, "/made", headers=bearer(key))) == refused
    own = {"X-API-Key": key}
    assert code(client.simulate_request(method, "/made", headers=own)) == refused


def test_a_refusal_says_what_would_do() -> None:
    client = client_of(ALL)
    for headers, status, challenge in (
        ({}, 401, CHALLENGE),
        (bearer("wrong"), 401, f'{CHALLENGE}, error="invalid_token"'),
        (bearer(READ), 403, f'{CHALLENGE}, error="insufficient_scope", scope="write"'),
    ):
        answer = client.simulate_put("/made", headers=headers)
        assert (answer.status_code, answer.headers["www-authenticate"]) == (status, challenge)
        assert answer.headers["content-type"] == "application/problem+json"
        assert "scope" in answer.json["detail"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": f"bearer {WRITE}"},
        {"Authorization": f"BEARER   {WRITE} "},
        {"Authorization": "Basic dTpw", "X-API-Key": WRITE},  # a proxy's password, our key
        {"Authorization": "Bearer of-a-proxy", "X-API-Key": WRITE},
    ],
)
def test_ways_to_send_a_key(headers: dict[str, str]) -> None:
    assert client_of(WRITERS).simulate_put("/made", headers=headers).json == {"client": "autrice"}


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": WRITE},
        {"Authorization": f"Basic {WRITE}"},
        {"Authorization": f"Bearer{WRITE}"},
        {"Authorization": f"Bearer {WRITE},{WRITE}"},
        {"Cookie": f"key={WRITE}"},
        {"X-API-Key": WRITE.upper()},
        {"X-API-Key": "è" * 40},
    ],
)
def test_what_is_no_way_to_send_a_key(headers: dict[str, str]) -> None:
    assert client_of(WRITERS).simulate_put("/made", headers=headers).status_code == 401


def test_reading_stays_open_without_a_read_key_even_with_a_wrong_one() -> None:
    client = client_of(WRITERS)
    for headers in ({}, bearer("of-somebody-else"), bearer(WRITE)):
        answer = client.simulate_get("/search", headers=headers, remote_addr=AFAR)
        assert answer.status_code == 200


@pytest.mark.parametrize(
    "name", ["key", "api_key", "apikey", "access_token", "token", "API-Key", "%61pi_key"]
)
@pytest.mark.parametrize("path", ["/", "/search", "/articles/a", "/healthz", "/made"])
def test_a_key_in_the_address_is_refused_and_not_repeated(name: str, path: str) -> None:
    client = client_of(ALL)
    answer = client.simulate_get(path, query_string=f"q=a&{name}={WRITE}")
    assert (answer.status_code, code(answer)) == (400, "key-in-address")
    assert "Authorization: Bearer" in answer.json["detail"]
    assert WRITE not in answer.text + str(answer.headers)
    seen = client.simulate_get(
        path, query_string=f"q=a&{name}={WRITE}", headers={"Accept": "text/html"}
    )
    assert seen.status_code == 400
    assert WRITE not in seen.text + str(seen.headers)


def test_a_fault_of_ours_shows_no_key(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    class Faulty:
        def on_put(self, req: falcon.Request, resp: falcon.Response) -> None:
            raise RuntimeError("on purpose")

    app = create_app(MemoryEngine(), Settings(keys=ALL, access_log=True))
    app.add_route("/faulty", Faulty())
    answer = Local(app).simulate_put("/faulty", headers=bearer(WRITE))
    assert code(answer) == "internal-error"
    said = caplog.text + "".join(capsys.readouterr()) + answer.text + str(answer.headers)
    assert "on purpose" in said
    assert WRITE not in said


ARTICLE = {"text": "Una notizia."}


@pytest.mark.parametrize(
    ("keys", "headers"),
    [
        (ALL, bearer(READ)),
        (ALL, bearer("nobody's")),
        (ALL, {}),
        (WRITERS, {}),
        (NO_KEYS, {"Origin": "https://evil.example"}),
        (NO_KEYS, {"Host": "evil.example"}),
        (NO_KEYS, {"X-Forwarded-For": "127.0.0.1"}),
    ],
)
def test_who_may_not_write_changes_nothing(keys: Keyring, headers: dict[str, str]) -> None:
    engine = MemoryEngine()
    engine.write([Article(id="a", text="Prima.")])
    before = engine.stats()
    client = Local(create_app(engine, Settings(keys=keys)))
    line = msgspec.json.encode({"id": "b", **ARTICLE})
    lines = {"Content-Type": "application/x-ndjson", **headers}
    for answer in (
        client.simulate_put("/articles/a", json=ARTICLE, headers=headers),
        client.simulate_put("/articles/b", json=ARTICLE, headers=headers),
        client.simulate_delete("/articles/a", headers=headers),
        client.simulate_post("/articles", json=ARTICLE, headers=headers),
        client.simulate_post("/articles", body=line, headers=lines),
    ):
        assert answer.status_code in (401, 403)
    assert engine.stats() == before
    assert engine.get("a") is not None
    assert engine.get("b") is None


@pytest.mark.parametrize(
    ("keys", "headers"),
    [(ALL, bearer(WRITE)), (ALL, bearer(ADMIN)), (WRITERS, {"X-API-Key": WRITE}), (NO_KEYS, {})],
)
def test_who_may_write_does(keys: Keyring, headers: dict[str, str]) -> None:
    client = Local(create_app(MemoryEngine(), Settings(keys=keys)))
    put = client.simulate_put("/articles/a", json=ARTICLE, headers=headers)
    assert put.status_code == 201
    assert client.simulate_delete("/articles/a", headers=headers).status_code == 204


STRANGERS = [
    {"X-Forwarded-For": "127.0.0.1"},
    {"Forwarded": "for=127.0.0.1"},
    {"Host": "evil.example"},
    {"Origin": "https://evil.example"},
    {"Sec-Fetch-Site": "cross-site"},
]


def test_without_keys_this_machine_writes_and_nobody_through_it() -> None:
    client = client_of()
    assert client.simulate_put("/made").status_code == 200
    for headers in STRANGERS:
        assert code(client.simulate_put("/made", headers=headers)) == "writing-closed"
    assert code(client.simulate_put("/made", remote_addr=AFAR)) == "writing-closed"
    assert code(client.simulate_put("/made", http_version="1.0")) == "writing-closed"


@pytest.mark.parametrize(
    ("host", "proxies", "local"),
    [
        ("127.0.0.1", NO_PROXIES, True),
        ("localhost", NO_PROXIES, True),
        ("::1", NO_PROXIES, True),
        ("0.0.0.0", NO_PROXIES, False),
        ("::", NO_PROXIES, False),
        ("192.0.2.1", NO_PROXIES, False),
        ("127.0.0.1", Proxies(hops=1), False),
    ],
)
def test_who_listens_to_more_than_this_machine_lets_nobody_write_without_a_key(
    host: str, proxies: Proxies, local: bool
) -> None:
    client = client_of(host=host, proxies=proxies)
    assert (client.simulate_put("/made").status_code == 200) is local
    assert local_writes(Settings(host=host, proxies=proxies)) is local


@pytest.mark.parametrize(
    ("keys", "local", "sentence"),
    [
        (NO_KEYS, True, "Writing is open to programs on this machine"),
        (NO_KEYS, False, "Nobody can write over HTTP until there are keys"),
        (WRITERS, True, "Writing needs a key (1 write, 1 admin); reading is open to all."),
        (ALL, False, "Reading and writing need a key (1 read, 1 write, 1 admin)."),
    ],
)
def test_start_up_says_it_in_one_sentence(keys: Keyring, local: bool, sentence: str) -> None:
    said = who_may(keys, local=local)
    assert said.startswith(sentence)
    assert "\n" not in said


def test_nothing_is_answered_past_the_guard() -> None:
    app = inspect_app(create_app(MemoryEngine(), Settings()))
    assert not app.sinks  # Falcon asks no middleware about what these answer
    assert not app.static_routes


def test_a_responder_in_a_role_of_its_own_is_guarded_too() -> None:
    class Two:
        def on_put_many(self, _req: falcon.Request, resp: falcon.Response) -> None:
            resp.media = {}

    app = create_app(MemoryEngine(), Settings(keys=ALL))
    app.add_route("/two", Two(), suffix="many")
    assert Local(app).simulate_put("/two").status_code == 401


def test_an_unknown_method_is_405_whoever_asks() -> None:
    answer = client_of(ALL).simulate_delete("/search")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, POST, OPTIONS")


def test_keys_of_a_file_count_at_once(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text(f"# la redazione\n{WRITE}:write:autrice\n")
    client = client_of(keys_file=str(file))
    assert code(client.simulate_put("/made")) == "key-needed"
    assert client.simulate_put("/made", headers=bearer(WRITE)).json == {"client": "autrice"}


# How often


def test_each_answer_says_what_is_left_and_the_last_when_to_come_back() -> None:
    client = client_of(read_rate=Rate(2, 60))
    first, second, third = (client.simulate_get("/search") for _ in range(3))
    assert first.headers["ratelimit-policy"] == '"reading";q=2;w=60'
    assert first.headers["ratelimit"] == '"reading";r=1;t=30'
    assert second.headers["ratelimit"] == '"reading";r=0;t=30'
    assert (third.status_code, code(third)) == (429, "too-many-requests")
    assert third.headers["ratelimit"] == '"reading";r=0;t=30'
    assert third.headers["retry-after"] == "30"
    for header, value in (("limit", "2"), ("remaining", "0"), ("reset", "30")):
        assert third.headers[f"ratelimit-{header}"] == value
    assert client.simulate_get("/search", remote_addr=AFAR).status_code == 200


def test_keys_have_quotas_of_their_own_and_reading_and_writing_too() -> None:
    client = client_of(ALL, read_rate=Rate(1, 60), write_rate=Rate(1, 60))
    for key in (READ, WRITE, ADMIN):
        statuses = [
            client.simulate_get("/search", headers=bearer(key)).status_code for _ in range(2)
        ]
        assert statuses == [200, 429]
    for key in (WRITE, ADMIN):
        statuses = [client.simulate_put("/made", headers=bearer(key)).status_code for _ in range(2)]
        assert statuses == [200, 429]


def test_wrong_keys_count_as_their_address_does() -> None:
    client = client_of(ALL, read_rate=Rate(3, 60))
    statuses = [
        client.simulate_get("/search", headers=bearer(f"guess-{n}")).status_code for n in range(5)
    ]
    assert statuses == [401, 401, 401, 429, 429]
    assert client.simulate_get("/search", headers=bearer(READ)).status_code == 200


def test_nobody_guesses_without_a_limit_where_there_is_none() -> None:
    client = client_of(ALL, read_rate=Rate(3, 60))
    guesses = [client.simulate_get("/metrics", headers=bearer(f"guess-{n}")) for n in range(5)]
    assert [answer.status_code for answer in guesses] == [401, 401, 401, 429, 429]
    answers = [client.simulate_get("/metrics", headers=bearer(READ)) for _ in range(5)]
    assert {answer.status_code for answer in answers} == {200}


@pytest.mark.parametrize("path", sorted(UNLIMITED_ROUTES))
def test_who_watches_is_never_limited(path: str) -> None:
    client = client_of(read_rate=Rate(1, 60))
    answers = [client.simulate_get(path) for _ in range(5)]
    assert {answer.status_code for answer in answers} <= {200, 404}  # no file is named «{name}»
    assert "ratelimit" not in answers[0].headers


def test_without_a_limit_nothing_is_said_of_one() -> None:
    assert "ratelimit" not in client_of().simulate_get("/search").headers


@pytest.mark.parametrize(
    ("proxies", "statuses"),
    [(NO_PROXIES, [200, 429, 429]), (Proxies(hops=1), [200, 200, 429])],
)
def test_behind_a_named_proxy_each_client_has_its_own_quota(
    proxies: Proxies, statuses: list[int]
) -> None:
    client = client_of(read_rate=Rate(1, 60), proxies=proxies)
    forwarded = ("6.6.6.6, 198.51.100.1", "6.6.6.6, 198.51.100.2", "7.7.7.7, 198.51.100.2")
    answers = [
        client.simulate_get("/search", headers={"X-Forwarded-For": each}) for each in forwarded
    ]
    assert [answer.status_code for answer in answers] == statuses


def test_of_ipv6_a_network_is_one_client() -> None:
    client = client_of(read_rate=Rate(1, 60))
    addresses = ("2001:db8:1:2::1", "2001:db8:1:2:ffff::1", "2001:db8:1:3::1")
    statuses = [client.simulate_get("/search", remote_addr=a).status_code for a in addresses]
    assert statuses == [200, 429, 200]


# What proxies say


@pytest.mark.parametrize(
    ("proxies", "prefix"),
    [
        (NO_PROXIES, "http://127.0.0.1:8000"),
        (Proxies(hops=1), "https://notizie.example"),
        (Proxies.parse("127.0.0.1"), "https://notizie.example"),
        (Proxies.parse("10.0.0.0/8"), "http://127.0.0.1:8000"),
    ],
)
def test_addresses_in_feeds_are_those_that_a_named_proxy_tells(
    proxies: Proxies, prefix: str
) -> None:
    told = {
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "made.up.example, notizie.example",
        "Forwarded": "host=made.up.example;proto=http",  # passed on as a client sent it
    }
    for path in ("/opensearch.xml", "/search.atom"):
        answer = client_of(proxies=proxies).simulate_get(path, headers=told)
        assert f"{prefix}/search" in answer.text
        assert ("notizie.example" in answer.text) == ("notizie" in prefix)
        assert "made.up" not in answer.text


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"X-Forwarded-Proto": "javascript", "X-Forwarded-Host": ""},
        {"X-Forwarded-Host": "a/b"},
        {"X-Forwarded-Host": "a b"},
        {"X-Forwarded-Host": "user@a"},
    ],
)
def test_what_a_named_proxy_tells_badly_is_not_taken(told: dict[str, str]) -> None:
    answer = client_of(proxies=Proxies(hops=1)).simulate_get("/opensearch.xml", headers=told)
    assert "http://127.0.0.1:8000/search" in answer.text


def test_who_may_not_read_is_not_told_either_that_nothing_changed() -> None:
    client = client_of(ALL)
    tag = client.simulate_get("/search", headers=bearer(READ)).headers["etag"]
    again = {"If-None-Match": tag}
    known = client.simulate_get("/search", headers={**bearer(READ), **again})
    assert known.status_code == 304
    assert client.simulate_get("/search", headers=again).status_code == 401


# Web pages of other origins

PAGE = "https://www.example.org"


def preflight(client: TestClient, origin: str, path: str = "/made") -> Result:
    return client.simulate_options(
        path,
        headers={
            "Origin": origin,
            "Access-Control-Request-Method": "PUT",
            "Access-Control-Request-Headers": "authorization,content-type",
        },
    )


def test_without_origins_no_page_is_let_in() -> None:
    client = client_of()
    answers = (client.simulate_get("/search", headers={"Origin": PAGE}), preflight(client, PAGE))
    for answer in answers:
        assert not [name for name in answer.headers if name.startswith("access-control")]
        assert "Origin" not in answer.headers.get("vary", "")


def test_listed_origins_are_let_in_and_no_other() -> None:
    client = client_of(ALL, origins=f"{PAGE},http://localhost:3000")
    for origin in (PAGE, "http://localhost:3000"):
        before = preflight(client, origin)
        assert before.status_code == 200
        assert before.headers["access-control-allow-origin"] == origin
        assert "PUT" in before.headers["access-control-allow-methods"]
        assert "authorization" in before.headers["access-control-allow-headers"]
        refused = client.simulate_get("/search", headers={"Origin": origin})  # readable, too
        assert refused.status_code == 401
        assert refused.headers["access-control-allow-origin"] == origin
        assert "Retry-After" in refused.headers["access-control-expose-headers"]
    for origin in ("https://evil.example", f"{PAGE}.evil.example", "null", PAGE.upper()):
        for answer in (
            preflight(client, origin),
            client.simulate_get("/search", headers={"Origin": origin}),
        ):
            assert "access-control-allow-origin" not in answer.headers
            assert "access-control-allow-methods" not in answer.headers
            assert "Origin" in answer.headers["vary"]


def test_a_preflight_to_nowhere_lets_nobody_in() -> None:
    answer = preflight(client_of(origins=PAGE), PAGE, "/nowhere")
    assert "access-control-allow-methods" not in answer.headers


@pytest.mark.parametrize("origins", ["*", PAGE])
def test_credentials_are_never_asked_for(origins: str) -> None:
    client = client_of(origins=origins)
    for answer in (
        preflight(client, PAGE),
        client.simulate_get("/search", headers={"Origin": PAGE}),
    ):
        assert answer.headers["access-control-allow-origin"] == origins
        assert "access-control-allow-credentials" not in answer.headers


def test_an_origin_that_may_read_may_not_write_without_a_key() -> None:
    client = client_of(origins=PAGE)
    answer = client.simulate_put("/made", headers={"Origin": PAGE})
    assert code(answer) == "writing-closed"


# What is documented


def test_the_page_of_operations_tells_what_is_open_as_the_rules_do() -> None:
    page = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
    (row,) = re.findall(r"^\| (.*/healthz.*?) \| open \| open \| open \|$", page, re.MULTILINE)
    told = set(re.findall(r"`(/[^`]+)`", row))
    assert told == {path for path, needs in NEEDS.items() if needs["GET"].name == "ANYONE"}
    (row,) = re.findall(r"^`/healthz`(.*)are never limited", page, re.MULTILINE)
    assert {"/healthz", *re.findall(r"`(/[^`]+)`", row)} == UNLIMITED_ROUTES


def test_the_example_with_a_key_works() -> None:
    page = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
    (path, query, header, value) = re.search(
        r"^curl -s 'http://127\.0\.0\.1:8000(/\w+)\?(\S+)' -H '(\w+): (Bearer KEY)'$",
        page,
        re.MULTILINE,
    ).groups()
    for keys in (NO_KEYS, ALL):
        answer = client_of(keys).simulate_get(
            path, query_string=query, headers={header: value.replace("KEY", READ)}
        )
        assert answer.status_code == 200


def test_a_limit_left_out_is_none(engine: Engine) -> None:
    settings = Settings()
    assert (settings.read_rate, settings.write_rate) == (UNLIMITED, UNLIMITED)
