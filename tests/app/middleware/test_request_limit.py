"""Each client has so many requests a second; a classroom behind one address can draw, and memory is bounded."""

from app.assets import DIST
from app.middleware.request_limit import BURST_SECONDS, MAX_CLIENTS, Rate
from app.settings import Settings
from tests.app.conftest import serving


def test_a_client_gets_its_burst_then_its_rate_and_others_are_not_concerned():
    rate = Rate(per_second=10)
    burst = round(10 * BURST_SECONDS)
    waits = [rate.wait("a", now=5.0) for _ in range(burst + 1)]
    assert waits[:burst] == [0.0] * burst
    assert 0 < waits[burst] <= 0.1
    assert rate.wait("b", now=5.0) == 0
    served = [rate.wait("a", now=5.0 + i / 100) for i in range(200)].count(0)
    assert 18 <= served <= 21


def test_refused_requests_do_not_lengthen_the_wait():
    rate = Rate(per_second=1)
    for _ in range(1000):
        rate.wait("a", now=0.0)
    assert rate.wait("a", now=1.5) == 0


def test_only_so_many_clients_are_remembered_and_who_goes_on_asking_is_one():
    rate = Rate(per_second=1)
    for i in range(3 * MAX_CLIENTS):
        rate.wait(str(i), now=0.0)
        if i % 1000 == 0:
            rate.wait("a", now=0.0)
    assert len(rate.full_at) == MAX_CLIENTS
    assert rate.wait("a", now=0.0) > 0


def test_thirty_pages_behind_one_address_may_load_and_draw():
    """All load it within two seconds, then draw at once, again and again: a page asks 25 times a second meanwhile."""
    rate, files = Rate(Settings().max_requests_per_client), len(list(DIST.glob("assets/*.*s"))) + 20
    loading = [2 * i / (30 * files) for i in range(30 * files)]
    drawing = [start + i / (30 * 25) for start in range(4, 60, 4) for i in range(2 * 30 * 25)]
    assert {rate.wait("school", now) for now in loading + drawing} == {0.0}


def test_no_limit_where_the_setting_is_zero_and_none_for_probes():
    with serving(max_requests_per_client=0) as client:
        assert {client.get("/model").status_code for _ in range(20)} == {200}
    with serving(max_requests_per_client=1) as client:
        assert {client.get("/model").status_code for _ in range(20)} == {200, 429}
        assert {client.get("/readyz").status_code for _ in range(20)} == {200}
        assert client.get("/model").headers["x-request-id"]
