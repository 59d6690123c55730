"""The checks that every visit makes find what they look for."""


def page(body, head=""):
    top = f'<!doctype html><html lang="en"><head><title>t</title>{head}</head>'
    return f"{top}<body>{body}</body></html>"


def problems_of(visit, tmp_path, text):
    (tmp_path / "page.html").write_text(text, encoding="utf-8")
    one = visit((tmp_path / "page.html").as_uri())
    found = list(one.problems)
    one.problems.clear()
    return found


def test_a_message_an_error_and_a_request_are_noticed(visit, tmp_path):
    assert problems_of(visit, tmp_path, page("fine")) == []
    assert problems_of(visit, tmp_path, page("<script>console.error('no')</script>")) == [
        "error: no"
    ]
    assert problems_of(visit, tmp_path, page("<script>none()</script>")) == [
        "uncaught: none is not defined"
    ]
    missing = problems_of(visit, tmp_path, page("<img alt='' src='missing.png'>"))
    assert any(each.startswith("failed: ") for each in missing)
    elsewhere = page("", head="<link rel=stylesheet href='http://127.0.0.1:9/fonts.css'>")
    assert "a request to elsewhere: http://127.0.0.1:9/fonts.css" in problems_of(
        visit, tmp_path, elsewhere
    )


def test_what_some_cannot_read_is_noticed(visit, tmp_path):
    body = "<main><h1>t</h1><input type=range><div style='width:600px'>wide</div></main>"
    (tmp_path / "page.html").write_text(page(body), encoding="utf-8")
    one = visit((tmp_path / "page.html").as_uri(), phone=True)
    assert [line.partition(":")[0] for line in one.serious()] == ["label"]
    assert one.overflow() > 0
