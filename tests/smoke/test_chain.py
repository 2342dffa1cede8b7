"""The whole chain by management commands, on SQLite and on PostgreSQL with Redis."""

import os
import subprocess
from pathlib import Path

import psycopg2
import pytest

CHAIN = Path(__file__).with_name("chain.sh")


def run(**environment):
    base = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    done = subprocess.run(
        ["bash", str(CHAIN)], env=base | environment, capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert done.stdout.rstrip().endswith("The chain holds.")


def test_the_chain_holds_on_sqlite():
    run()


@pytest.mark.soak  # tests/browser/test_chain.py goes the same way on PostgreSQL
@pytest.mark.postgres_only
@pytest.mark.redis
def test_the_chain_holds_on_postgresql_and_redis(redis_url):
    server = os.environ["TEST_DATABASE_URL"]
    name = f"smoke_{os.getpid()}"
    connection = psycopg2.connect(server)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name}")
        run(DATABASE_URL=server.rpartition("/")[0] + f"/{name}", CELERY_BROKER_URL=redis_url)
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        connection.close()
