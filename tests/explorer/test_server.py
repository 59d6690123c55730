"""Who is answered, and what confines the page."""

import asyncio
import json
import re
import signal
import socket
import subprocess
import sys
import urllib.request

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


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is another signal there")
@pytest.mark.parametrize("verb", ["explore", "language explore"])
def test_the_command_serves_until_ctrl_c(tmp_path, verb):
    model = tmp_path / "names.lm"
    lk.language.fit(["anna", "otto"], order=2).save(model)
    data = "five_points" if verb == "explore" else str(model)
    command = [sys.executable, "-m", "likeliest", *verb.split(), data, "--no-browser"]
    with subprocess.Popen(  # noqa: S603
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as served:
        line = served.stdout.readline()
        address = re.search(r"at (http://127\.0\.0\.1:\d+/)#(\S+)$", line.strip())
        request = urllib.request.Request(  # noqa: S310
            f"{address[1]}ask", b'{"kind": "open"}', {"x-likeliest-token": address[2]}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            assert json.load(answer)["title"] in line
        assert served.stdout.readline() == "Ctrl-C ends it.\n"
        served.send_signal(signal.SIGINT)
        rest, told = served.communicate(timeout=30)
    assert (served.returncode, rest, told) == (0, "", "")


def test_answers_are_sent_at_once():
    """Nagle's algorithm would hold the body of an answer back until its head is acknowledged."""

    async def served():
        with server._listening(0) as listening:
            found = asyncio.get_running_loop().create_future()

            def meet(_, writer):
                own = writer.get_extra_info("socket")
                found.set_result(own.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
                writer.close()

            async with await asyncio.start_server(meet, sock=listening):
                _, writer = await asyncio.open_connection(*listening.getsockname())
                try:
                    return await found
                finally:
                    writer.close()

    assert asyncio.run(served())
