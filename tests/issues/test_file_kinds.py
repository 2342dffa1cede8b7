"""What a file is, told by its bytes: honest files of every kind are taken, hostile ones refused, nothing is unpacked."""

import contextlib
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from issues.attachments.errors import Unfit
from issues.attachments.kinds import kind_of
from issues.attachments.names import LONGEST, clean_name
from tests.issues.hostile import HONEST, HOSTILE, docx, gif, jpeg, pdf, png, webp


@pytest.mark.parametrize("name", HONEST)
def test_honest_files_are_known_by_their_bytes(name):
    data, content_type = HONEST[name]
    assert kind_of(data, name).content_type == content_type


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_files_are_refused_with_a_reason(what):
    name, data = HOSTILE[what]
    with pytest.raises(Unfit) as refusal:
        kind_of(data, clean_name(name))
    assert str(refusal.value).endswith(".")
    assert refusal.value.field == "file"


@pytest.mark.parametrize("what", ["zip bomb", "archive that lies about its types", "huge png", "archive of thousands"])
def test_bombs_stay_small(what):
    name, data = HOSTILE[what]
    tracemalloc.start()
    with pytest.raises(Unfit):
        kind_of(data, name)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 16 * 1024**2


@given(st.sampled_from([pdf(), png(), jpeg(), gif(), webp(), docx()]), st.data())
def test_no_damage_makes_it_fail_otherwise(whole, data):
    """Given an honest file; when bytes anywhere in it change or it is cut off; then it is taken or refused, no more."""
    damaged = bytearray(whole[: data.draw(st.integers(4, len(whole)))])
    for _time in range(data.draw(st.integers(0, 4))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(Unfit):
        kind_of(bytes(damaged), "x")


@given(st.binary(max_size=300))
def test_noise_is_text_or_refused(data):
    with contextlib.suppress(Unfit):
        assert kind_of(data, "x").name == "text"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("report.pdf", "report.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\paper form.docx", "paper form.docx"),
        ("a\r\nContent-Type: x.txt", "aContent-Type x.txt"),
        ("report\u202efdp.exe", "reportfdp.exe"),
        ("invoice.exe.pdf", "invoice_exe.pdf"),
        ("page.html.txt", "page_html.txt"),
        ("v1.2 final.pdf", "v1.2 final.pdf"),
        ("CON.txt", "_CON.txt"),
        (".htaccess", "htaccess"),
        ('"; rm -rf *.txt', "rm -rf.txt"),
        ("", "file"),
        ("...", "file"),
        ("Größe\u200b.csv", "Größe.csv"),
    ],
)
def test_names(given, kept):
    assert clean_name(given) == kept


@given(st.text(max_size=400))
def test_names_are_short_and_lead_nowhere(name):
    kept = clean_name(name)
    assert 0 < len(kept) <= LONGEST + 12
    assert not set(kept) & set('/\\:*?"<>|\r\n\t\x00')
    assert not kept.startswith(".")
