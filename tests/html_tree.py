"""Reading a page as a browser would, well enough to hold its parts against what they should be."""

from html.parser import HTMLParser

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
