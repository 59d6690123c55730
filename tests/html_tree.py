"""Reading a page as a browser would, well enough to hold its parts against what they should be."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from itertools import pairwise

VOID = {"meta", "link", "img", "br", "hr", "input"}
RAW = {"script", "style"}


class Node:
    """An element with its attributes, its children in order, and its text."""

    def __init__(self, tag, attributes):
        self.tag = tag
        self.attributes = attributes
        self.children = []

    def all(self, *tags):
        """Yield every element inside with one of the tags, in order."""
        for child in self.children:
            if isinstance(child, Node):
                if not tags or child.tag in tags:
                    yield child
                yield from child.all(*tags)

    def one(self, tag, **attributes):
        """Return the only such element."""
        [found] = [
            node
            for node in self.all(tag)
            if all(node.attributes.get(name) == value for name, value in attributes.items())
        ]
        return found

    @property
    def text(self):
        """All text inside, scripts and styles apart."""
        parts = (c if isinstance(c, str) else c.text for c in self.children)
        return "" if self.tag in RAW else "".join(parts)

    @property
    def raw(self):
        """What a script or a style holds."""
        return "".join(child for child in self.children if isinstance(child, str))


class _Builder(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.root = Node("root", {})
        self.open = [self.root]

    def handle_starttag(self, tag, attrs):
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), (tag, names)
        node = Node(tag, dict(attrs))
        self.open[-1].children.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_startendtag(self, tag, attrs):
        self.open[-1].children.append(Node(tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data):
        self.open[-1].children.append(data)

    def handle_comment(self, data):
        raise AssertionError(f"a comment: {data}")


def tree(page):
    """Return the root of the page; every element in it is closed where it should be."""
    builder = _Builder()
    builder.feed(page)
    builder.close()
    assert [node.tag for node in builder.open] == ["root"]
    return builder.root


def cells(root, title):
    """Return the rows of the table whose caption begins so."""
    [table] = [t for t in root.all("table") if t.one("caption").text.startswith(title)]
    return [[c.text for c in row.all("th", "td")] for row in table.one("tbody").all("tr")]


def assert_stands_alone(html):
    """Assert that a page loads nothing, runs its own script alone, and names no id twice."""
    root = tree(html)
    for node in root.all():
        for name, value in node.attributes.items():
            assert not name.startswith("on"), (node.tag, name)
            if name in {"src", "href", "xlink:href", "srcset", "data", "action"}:
                assert value.startswith(("#", "data:image/png;base64,")), value[:80]
            if name == "style":
                assert "url(" not in value.replace("url(#", "")
        assert node.tag not in {
            "link",
            "iframe",
            "object",
            "embed",
            "base",
            "form",
            "foreignobject",
        }
    ids = [node.attributes["id"] for node in root.all() if "id" in node.attributes]
    assert len(ids) == len(set(ids))
    used = re.findall(r'(?:href="|url\()#([^")]+)', html)
    assert set(used) <= set(ids)
    assert "url(" not in root.one("style").raw
    assert "@import" not in root.one("style").raw
    record, script = root.all("script")
    assert record.attributes["type"] == "application/json"
    json.loads(record.raw)
    digest = base64.b64encode(hashlib.sha256(script.raw.encode()).digest()).decode()
    policy = next(m for m in root.all("meta") if "http-equiv" in m.attributes).attributes["content"]
    assert policy.startswith("default-src 'none'")
    assert f"script-src 'sha256-{digest}'" in policy


def assert_is_accessible(html):
    """Assert what a parser can tell: landmarks, headings, labels, heads of tables."""
    root = tree(html)
    assert html.startswith("<!DOCTYPE html>")
    assert root.one("html").attributes["lang"] == "en"
    assert root.one("head").one("title").text
    for landmark in ("header", "nav", "main", "footer", "h1"):
        root.one(landmark)
    levels = [int(node.tag[1]) for node in root.all("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    by_id = {node.attributes["id"]: node for node in root.all() if "id" in node.attributes}
    for node in root.all():
        for label in node.attributes.get("aria-labelledby", "").split():
            assert by_id[label].text.strip()
    for figure in root.all("figure"):
        assert figure.one("figcaption").text.startswith("How to read it")
        drawn = list(figure.all("img", "svg"))
        assert len(drawn) == 1
        if drawn[0].tag == "img":
            assert drawn[0].attributes["alt"]
        else:
            assert drawn[0].attributes["role"] == "img"
            assert drawn[0].one("title").text
    for table in root.all("table"):
        assert table.one("caption").text
        heads = [*table.one("thead").all("th")]
        assert {head.attributes["scope"] for head in heads} == {"col"}
        for row in table.one("tbody").all("tr"):
            cells = [*row.all("th", "td")]
            assert len(cells) == len(heads)
            assert cells[0].attributes["scope"] == "row"
    for region in root.all("div"):
        if "tabindex" in region.attributes:
            assert region.attributes["aria-label"]
