"""Who is answered, and what confines the page."""

import re
import sys

import pytest
from starlette.testclient import TestClient

import likeliest as lk
from likeliest.errors import DataError, MissingExtraError
from likeliest.explorer import module, server

OPEN = {"kind": "open"}
TOKEN = {"x-likeliest-token": "right"}


@pytest.fixture(scope="module")
def client():
    app = server.app_of(lk.explore([2.1, 1.9, 3.4], "normal"), "right")
    return TestClient(app, base_url="http://127.0.0.1:8000")


@pytest.mark.parametrize("headers", [{}, {"x-likeliest-token": ""}, {"x-likeliest-token": "ríght"}])
def test_nobody_without_the_token_is_answered(client, headers):
    sent = {name: value.encode() for name, value in headers.items()}
    answer = client.post("/ask", json=OPEN, headers=sent)
    assert answer.status_code == 403
    assert "values" not in answer.text


@pytest.mark.parametrize("path", ["/", "/explorer.js", "/explorer.css", "/ask"])
@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", ""]
)
def test_nobody_who_calls_us_by_another_name_is_answered(client, path, host):
    """Rebinding a name to this machine does not help: the browser sends that name."""
    assert client.get(path, headers={"host": host, **TOKEN}).status_code == 403
    assert client.post(path, json=OPEN, headers={"host": host, **TOKEN}).status_code == 403


@pytest.mark.parametrize("host", ["localhost:9999", "127.0.0.1", "[::1]:8000"])
def test_a_tunnel_may_have_another_port(client, host):
    answer = client.post("/ask", json=OPEN, headers={"host": host, **TOKEN})
    assert answer.json()["data"] == "3 values."


@pytest.mark.parametrize("path", ["/", "/explorer.js", "/explorer.css", "/none", "/ask"])
def test_the_page_is_confined(client, path):
    answer = client.get(path)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "access-control-allow-origin" not in answer.headers


def test_another_site_gets_no_leave(client):
    sent = {"origin": "https://evil.example", "access-control-request-method": "POST"}
    answer = client.options("/ask", headers=sent)
    assert answer.status_code == 405
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'"open"', b"\xff", b'{"kind": "none"}', b"[" * 60_000]
)
def test_what_cannot_be_read_is_refused(client, body):
    assert client.post("/ask", content=body, headers=TOKEN).status_code == 400


def test_a_request_too_long_is_refused(client):
    assert client.post("/ask", content=b" " * 70_000, headers=TOKEN).status_code == 413


def test_the_page_holds_no_data_and_nothing_inline(client):
    page = client.get("/").text
    assert "style=" not in page
    assert re.findall(r"<script[^>]*>", page) == ['<script type="module" src="/explorer.js">']
    script = client.get("/explorer.js").text
    assert not re.search(r"^(import|export (?!default))", script, re.MULTILINE)
    assert not re.search(r"innerHTML|insertAdjacentHTML|document\.write|eval\(", script)
    assert "http" not in script.replace("http://www.w3.org/2000/svg", "")
    assert client.get("/explorer.css").text == module.style()


def test_a_taken_port_is_told():
    with server._listening(0) as taken:
        port = taken.getsockname()[1]
        assert taken.getsockname()[0] == "127.0.0.1"
        with pytest.raises(DataError, match=f"Port {port} cannot be used"):
            server._listening(port)


@pytest.mark.parametrize("hidden", ["starlette", "uvicorn"])
def test_a_missing_extra_is_told(monkeypatch, hidden):
    monkeypatch.setitem(sys.modules, hidden, None)
    with pytest.raises(MissingExtraError, match=r"pip install 'likeliest\[explore\]'"):
        lk.explore([2.1, 1.9], "normal").serve()
