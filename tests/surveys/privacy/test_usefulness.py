"""The guard must not keep everything back: at 94 % content, does the 94 % appear?"""

import pytest

from surveys.histories import NEW
from tests.surveys.privacy.programs import play

HOSTS = [[30], [60], [200], [30, 30], [100, 60, 40]]


def seasons(sizes, happy, count):
    """Releases before closing, and seasons told exactly, over so many seasons of which 85 % of hosts answer."""
    played = [play(seed, sizes=[round(size * 0.85) for size in sizes], happy=happy) for seed in range(count)]
    early = sum(number != NEW for program in played for _, number in program.batches)
    return early / count, sum(program.settled for program in played)


@pytest.mark.parametrize("sizes", HOSTS, ids=str)
def test_the_share_of_content_hosts_is_told_at_closing(sizes):
    early, told = seasons(sizes, 0.94, 10)

    assert told >= 9 - (len(sizes) > 1)
    assert early >= (len(sizes) if min(sizes) >= 60 else 0)


@pytest.mark.soak
def test_how_often_it_is_told():
    for happy in (0.94, 0.8, 0.5):
        for sizes in HOSTS:
            early, told = seasons(sizes, happy, 100)
            print(
                f"{happy:.0%} content, hosts {sizes}: {early:.1f} releases before closing, told exactly in {told} of 100"
            )
            assert told >= 88
