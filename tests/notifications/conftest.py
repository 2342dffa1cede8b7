"""A register of the test's own, so that what the apps registered neither helps nor disturbs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from notifications import digests, kinds, links


@pytest.fixture(autouse=True)
def kinds_of_the_test() -> Iterator[dict[str, kinds.Kind]]:
    """The register, emptied for one test."""
    kept = dict(kinds.register.kinds)
    kinds.register.kinds.clear()
    yield kinds.register.kinds
    kinds.register.kinds.clear()
    kinds.register.kinds.update(kept)


@pytest.fixture(autouse=True)
def purposes_of_the_test() -> Iterator[dict[str, links.Purpose]]:
    """The purposes of links, for one test only the one by which people leave a digest."""
    kept = dict(links.purposes)
    links.purposes.clear()
    digests.register_all()
    yield links.purposes
    links.purposes.clear()
    links.purposes.update(kept)
