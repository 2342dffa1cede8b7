"""What people write comes out with the few marks that are allowed, and with no tag of theirs."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from issues.markdown import is_link, markdown, plain

ALLOWED = {
    "p": set(), "br": set(), "strong": set(), "em": set(), "ul": set(), "ol": {"start"}, "li": set(), "code": set(),
    "a": {"href", "rel"},
}  # fmt: skip


class Reader(HTMLParser):
    """Collects what a browser would read: tags, addresses, and the text between."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.text, self.tags, self.links, self.open = "", [], [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        assert tag in ALLOWED, tag
        assert {name for name, _value in attrs} <= ALLOWED[tag], attrs
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name == "href"]
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data

    def handle_comment(self, data):
        raise AssertionError(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


@pytest.mark.parametrize(
    ("typed", "html"),
    [
        ("One line", "<p>One line</p>"),
        ("One\nline\n\nTwo", "<p>One<br>line</p><p>Two</p>"),
        ("**bold** and *so*", "<p><strong>bold</strong> and <em>so</em></p>"),
        ("- a\n- b", "<ul><li>a</li><li>b</li></ul>"),
        ("2. a\n3. b", '<ol start="2"><li>a</li><li>b</li></ol>'),
        ("`<b>`", "<p><code>&lt;b&gt;</code></p>"),
        ("[x](https://a.example/?b=1&c=2)",
         '<p><a href="https://a.example/?b=1&amp;c=2" rel="nofollow noopener">x</a></p>'),
        ("# no heading", "<p># no heading</p>"),
        ("![x](https://a.example/i.png)",
         '<p>!<a href="https://a.example/i.png" rel="nofollow noopener">x</a></p>'),
        ("<https://a.example>", "<p>&lt;https://a.example&gt;</p>"),
        ("[a]: https://x.example\n[a]", "<p>[a]: https://x.example<br>[a]</p>"),
        ("", ""),
    ],
)  # fmt: skip
def test_marks(typed, html):
    assert markdown(typed) == html


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "data:text/html,x", "vbscript:x", "//evil.example",
     "/issues/1/", "file:///etc/passwd", "http:", "https:///x", "mailto:", "ftp://a.example", "&#106;avascript:x",
     "\x01javascript:alert(1)", "blob:http://a.example/1"],
)  # fmt: skip
def test_no_other_address_is_linked(address):
    assert not is_link(address)
    assert Reader(markdown(f"[x]({address}) [y](<{address}>)")).links == []


@pytest.mark.parametrize(
    "typed",
    ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "<!-- x -->", "<![CDATA[x]]>",
     "<?php x ?>", "</p><iframe src=x>",
     '[x](http://a.example/"onmouseover="alert(1))', "[x](http://a.example 'o\" onclick=\"x')",
     "`</code><script>`", "- <b>x</b>\n  - </li></ul><script>", "&lt;script&gt;", "**<b>**</b>", "[<b>x</b>](http://a.example)"],
)  # fmt: skip
def test_no_tag_of_theirs_comes_out(typed):
    read = Reader(markdown(typed))
    assert read.open == []
    assert "<" not in typed or "<" in read.text


hostile = st.text(
    alphabet=st.sampled_from(list("<>/\"'`*_[]()!#&;:\\-+. \n\t=") + list("aåscriptjvhref1\u202e\x00")), max_size=200
)


@given(st.one_of(hostile, st.text(max_size=300)))
def test_whatever_is_typed_only_allowed_tags_come_out_and_close(typed):
    read = Reader(markdown(typed))
    assert read.open == []
    assert all(is_link(link) for link in read.links)


@given(st.lists(st.text(alphabet="abcdefg123", min_size=1, max_size=8), min_size=1, max_size=20), st.randoms())
def test_no_word_is_lost(words, random):
    typed = "".join(
        random.choice(["- ", "\n", "\n\n", " ", "* ", "1. ", "    - ", "**", "> "]) + word for word in words
    )
    shown = Reader(markdown(typed)).text
    assert [word for word in words if word not in shown and not word.isdigit()] == []


def test_lists_too_deep_are_left_as_typed():
    typed = "- " * 60 + "hello\nyou"
    assert markdown(typed) == f"<p>{'- ' * 60}hello<br>you</p>"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("**Bold** [home](https://a.example)\n\nnext", "Bold home (https://a.example)\nnext"),
        ("- a\n- b\n\n3. c", "- a\n- b\n3. c"),
        ("`<b>` \\*x\\*", "<b> *x*"),
    ],
)
def test_plain_words(typed, said):
    assert plain(typed) == said


def test_plain_words_are_not_html():
    assert not hasattr(plain("<b>"), "__html__")
