"""One request: as Standard Webhooks has it, in time, and to nobody else."""

from __future__ import annotations

import base64
import hashlib
import hmac
import ssl
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from notifications.webhooks import posting, signing
from notifications.webhooks.posting import Unanswered, post
from tests.factories import NINE
from tests.notifications.webhooks.conftest import make_webhook
from tests.notifications.webhooks.receiver import Receiver

LATER = NINE + timedelta(hours=23)


def check(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """How a receiver checks, told from the specification alone."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    wanted = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return any(hmac.compare_digest(each, f"v1,{wanted}") for each in headers["webhook-signature"].split(" "))


# --- Signatures ---


def test_the_example_every_library_is_checked_with():
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")

    signed = signing.signature(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", b'{"test": 2432232314}')

    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.django_db
def test_a_receiver_can_check_it():
    kept = signing.new_secret()
    webhook, body = make_webhook(secret=kept), b'{"type":"x"}'

    headers = signing.headers(webhook, "msg_1", body, now=NINE)

    assert headers["webhook-timestamp"] == str(int(NINE.timestamp()))
    assert check(signing.shown(kept), headers, body)
    assert not check(signing.shown(kept), headers, body + b" ")
    assert not check(signing.shown("another"), headers, body)


def test_a_secret_is_long_enough_and_another_each_time():
    first, second = signing.new_secret(), signing.new_secret()

    assert first != second
    assert signing.shown(first).startswith("whsec_")
    assert len(base64.b64decode(signing.shown(first).removeprefix("whsec_"))) == 32
    assert first not in signing.shown(first)


def test_what_is_kept_signs_nothing_without_the_servers_key(settings):
    before = signing.shown("kept")
    settings.SECRET_KEY = "another"

    assert signing.shown("kept") != before


@pytest.mark.django_db
@pytest.mark.parametrize(("now", "both"), [(LATER, True), (NINE + timedelta(hours=24), False)])
def test_two_secrets_sign_while_one_retires(now, both):
    webhook = make_webhook(secret="new", retiring_secret="old", retiring_until=NINE + timedelta(hours=24))

    headers = signing.headers(webhook, "msg_1", b"{}", now=now)

    assert check(signing.shown("new"), headers, b"{}")
    assert check(signing.shown("old"), headers, b"{}") is both


# --- The request ---


def test_what_arrives(receiver):
    assert post(receiver.url, b'{"a":1}', {"webhook-id": "msg_1"}) == 204

    ((path, headers, body),) = receiver.got
    assert (path, body) == ("/hook?room=7", b'{"a":1}')
    assert headers["host"] == receiver.url.split("/")[2]
    assert headers["content-type"] == "application/json"
    assert headers["webhook-id"] == "msg_1"
    assert "cookie" not in headers


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirects_are_answers_and_not_followed(receiver, status):
    receiver.answers.append(status)

    assert post(receiver.url, b"{}", {}) == status
    assert len(receiver.got) == 1


def test_silence_ends_in_time(receiver, monkeypatch):
    monkeypatch.setattr(posting, "STEP", 0.2)
    receiver.answers.append("silence")

    with pytest.raises(Unanswered, match="no answer in time"):
        post(receiver.url, b"{}", {})


def test_an_answer_that_drips_ends_in_time(receiver, monkeypatch):
    monkeypatch.setattr(posting, "WHOLE", 0.4)
    receiver.answers.append("drip")

    with pytest.raises(Unanswered, match="no answer in time"):
        post(receiver.url, b"{}", {})


def test_nobody_listens(receiver):
    receiver.shutdown()
    receiver.server_close()

    with pytest.raises(Unanswered, match="nobody listens"):
        post(receiver.url, b"{}", {})


def test_a_proxy_in_the_environment_is_not_used(receiver, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1/")

    assert post(receiver.url, b"{}", {}) == 204


# --- TLS ---


@pytest.fixture
def secure(settings, tmp_path):
    """A receiver with a certificate for ``localhost`` that nobody vouches for; and the file of that certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]), datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = tmp_path / "certificate.pem"
    file.write_bytes(private + made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    server = Receiver()
    server.socket = context.wrap_socket(server.socket, server_side=True)
    with server:
        settings.WEBHOOK_HOSTS_INSIDE = ["localhost", "127.0.0.1"]
        settings.WEBHOOK_PORTS = [server.server_address[1]]
        yield server, file


def test_a_certificate_nobody_vouches_for_is_refused(secure):
    server, _file = secure

    with pytest.raises(Unanswered, match="certificate not accepted"):
        post(f"https://localhost:{server.server_address[1]}/hook", b"{}", {})

    assert server.got == []


@pytest.mark.parametrize(("host", "accepted"), [("localhost", True), ("127.0.0.1", False)])
def test_the_certificate_must_be_the_names(secure, monkeypatch, host, accepted):
    """The connection goes to a number, and yet the name is what counts."""
    server, file = secure
    made = ssl.create_default_context(cafile=file)
    monkeypatch.setattr(posting.ssl, "create_default_context", lambda: made)
    url = f"https://{host}:{server.server_address[1]}/hook"

    if accepted:
        assert post(url, b"{}", {}) == 204
    else:
        with pytest.raises(Unanswered, match="certificate not accepted"):
            post(url, b"{}", {})
