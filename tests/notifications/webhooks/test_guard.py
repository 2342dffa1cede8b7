"""Where webhooks must not lead: nothing inside the network is ever connected to, however its address is written."""

from __future__ import annotations

import socket

import pytest

from notifications.webhooks import posting
from notifications.webhooks.guard import Forbidden, read, resolve
from notifications.webhooks.posting import Unanswered, post

PUBLIC = "93.184.215.14"
FORBIDDEN = [  # refused as they are written
    "https://127.0.0.1/",
    "https://127.1/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0x7f.0.0.1/",
    "https://0177.0.0.1/",
    "https://017700000001/",
    "https://0/",
    "https://0.0.0.0/",
    "https://10.0.0.8/",
    "https://172.16.3.4/",
    "https://192.168.1.1/",
    "https://100.64.0.1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://198.18.0.1/",
    "https://224.0.0.1/",
    "https://255.255.255.255/",
    "https://[::1]/",
    "https://[::]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:a9fe:a9fe]/",
    "https://[::ffff:93.184.215.14]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[2002:7f00:1::]/",
    "https://[2001:0:7f00:1::1]/",
    "https://[fe80::1]/",
    "https://[fe80::1%25eth0]/",
    "https://[fd00:ec2::254]/",
    "https://[fec0::1]/",
    "https://[ff02::1]/",
    "https://localhost/",
    "https://LOCALHOST./",
    "https://chat.localhost/",
    "https://metadata.google.internal/",
    "https://printer.local/",
    "https://intranet/",
    "https://1.2.3.4.5/",
    "https://example.com.0x7f/",
    "http://chat.example.com/",
    "ftp://chat.example.com/",
    "file:///etc/passwd",
    "gopher://chat.example.com/",
    "chat.example.com/hook",
    "https:chat.example.com",
    "https:///hook",
    "https://chat.example.com:22/",
    "https://chat.example.com:6379/",
    "https://chat.example.com:99999/",
    "https://chat.example.com:x/",
    "https://user:secret@chat.example.com/",
    "https://@chat.example.com/",
    "https://chat.example.com@127.0.0.1/",
    "https://chat.example.com\\@127.0.0.1/",
    "https://chat.example.com/\r\nHost: inside",
    "https://chat.example.com/#127.0.0.1",
    "https://127。0。0。1/",
    "https://①②⑦.0.0.1/",
    "https://-chat.example.com/",
]  # fmt: skip
INSIDE = [  # what an innocent name may resolve to
    "127.0.0.1", "10.1.2.3", "172.31.255.255", "192.168.0.10", "169.254.169.254", "100.100.100.200", "0.0.0.0",
    "192.0.2.1", "240.0.0.1", "224.0.0.251", "::1", "::ffff:10.0.0.1", "fe80::1%eth0", "fd12::1", "64:ff9b::a00:1",
    "2002:a00:1::",
]  # fmt: skip


@pytest.fixture(autouse=True)
def no_sockets(monkeypatch):
    """How many connections were tried; each would fail."""
    tried = []

    def connect(address, *rest, **more):
        tried.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", connect)
    monkeypatch.setattr(socket, "socket", lambda *rest, **more: tried.append(rest))
    return tried


@pytest.fixture
def names(monkeypatch):
    """A name server of the test: what each question is answered with, in turn."""
    answers, asked = [], []

    def getaddrinfo(host, port, *rest, **more):
        asked.append(host)
        found = answers.pop(0)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return answers, asked


@pytest.mark.parametrize("url", FORBIDDEN)
def test_forbidden_as_it_is_written(url, no_sockets, names):
    with pytest.raises(Forbidden):
        post(url, b"{}", {})

    assert names[1] == []
    assert no_sockets == []


def test_there_are_enough_of_them():
    assert len(FORBIDDEN) + len(INSIDE) >= 30


@pytest.mark.parametrize("address", INSIDE)
def test_an_innocent_name_that_leads_inside(address, no_sockets, names):
    names[0].append([address])

    with pytest.raises(Forbidden):
        post("https://chat.example.com/hook", b"{}", {})

    assert no_sockets == []


def test_one_bad_address_among_good_ones_is_enough(no_sockets, names):
    names[0].append([PUBLIC, "10.0.0.1"])

    with pytest.raises(Forbidden):
        post("https://chat.example.com/hook", b"{}", {})

    assert no_sockets == []


def test_a_name_that_changes_its_answer_gains_nothing(no_sockets, names):
    """Rebinding: asked once, and the connection goes to what was answered then."""
    names[0].extend([[PUBLIC], ["127.0.0.1"]])

    with pytest.raises(Unanswered):
        post("https://chat.example.com/hook", b"{}", {})

    assert names[1] == ["chat.example.com"]
    assert no_sockets == [(PUBLIC, 443)]


def test_a_second_address_is_tried_and_no_third(no_sockets, names):
    names[0].append([PUBLIC, "93.184.215.15", "93.184.215.16"])

    with pytest.raises(Unanswered, match="nobody listens"):
        post("https://chat.example.com/hook", b"{}", {})

    assert no_sockets == [(PUBLIC, 443), ("93.184.215.15", 443)]


def test_an_unknown_name_is_no_answer(monkeypatch):
    def unknown(*rest, **more):
        raise socket.gaierror(-2, "Name or service not known: chat.example.com")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)

    with pytest.raises(Unanswered) as error:
        post("https://chat.example.com/s3cret", b"{}", {})

    assert str(error.value) == "the host's name is not known"


# --- What is allowed ---


def test_a_good_address_is_taken_apart():
    target = read("https://Chat.Example.com./hooks/abc?x=1")

    assert (target.scheme, target.host, target.port, target.path) == (
        "https", "chat.example.com", 443, "/hooks/abc?x=1"
    )  # fmt: skip


@pytest.mark.parametrize("url", [f"https://{PUBLIC}/", "https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/"])
def test_a_public_number_is_an_address_too(url):
    assert read(url).path == "/"


def test_plain_http_while_debugging(settings):
    settings.DEBUG = True

    assert read("http://chat.example.com").port == 80


def test_other_ports_when_a_setting_opens_them(settings):
    settings.WEBHOOK_PORTS = [443, 8443]

    assert read("https://chat.example.com:8443/").port == 8443
    with pytest.raises(Forbidden, match="Port 80"):
        read("https://chat.example.com:80/")


def test_a_host_inside_when_the_operator_names_it(settings, names):
    settings.WEBHOOK_HOSTS_INSIDE = ["chat.corp"]
    names[0].append(["10.0.0.8"])

    assert resolve(read("https://chat.corp/hook")) == ["10.0.0.8"]
    with pytest.raises(Forbidden):
        read("https://wiki.corp/hook")


@pytest.mark.parametrize("address", ["169.254.169.254", "fe80::1%eth0", "0.0.0.0", "224.0.0.1"])
def test_the_metadata_address_is_never_allowed(settings, names, address):
    settings.WEBHOOK_HOSTS_INSIDE = ["chat.corp"]
    names[0].append([address])

    with pytest.raises(Forbidden):
        resolve(read("https://chat.corp/hook"))


def test_reasons_hold_no_address():
    assert posting.reason_of(OSError("https://chat.example.com/s3cret")) == "no proper answer (OSError)"
