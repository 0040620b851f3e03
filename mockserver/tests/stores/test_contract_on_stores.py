"""The heart of the contract tests on each store that keeps a world; `make stores` runs them all."""

import os
import subprocess
import sys

import pytest
from stores_support import CONTRACT_TESTS, STORES

CORE = (
    "shared/test_reads_follow_writes.py",
    "admin/test_admin_state.py",
    "admin/test_admin_tenants.py",
    "automate/test_automate_tokens.py",
)


@pytest.mark.deep
@pytest.mark.parametrize("store", STORES)
def test_the_contract_holds_on_every_store(store, request):
    if store == "postgresql":
        request.getfixturevalue("database")
    files = [str(CONTRACT_TESTS / each) for each in CORE]
    command = (sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *files)
    environ = {**os.environ, "CWMOCK_TEST_STORE": store}
    ended = subprocess.run(
        command,
        check=False,
        env=environ,
        capture_output=True,
        text=True,
        cwd=CONTRACT_TESTS.parent,
    )
    assert ended.returncode == 0, ended.stdout[-4000:]
    assert " passed" in ended.stdout
