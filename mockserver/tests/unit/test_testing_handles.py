"""What the plugin hands out, without pytest in between."""

import pytest

from mockserver.core.bundle import BadFolder
from mockserver.testing.emulator import Emulator
from mockserver.testing.faults import NeverStruck


@pytest.fixture(scope="module")
def emulator():
    emulator = Emulator()
    yield emulator
    emulator.close()


@pytest.fixture
def mock(emulator):
    with emulator.tenant() as mock:
        yield mock


def test_tenants_are_gone_after_their_test(emulator):
    with emulator.tenant() as mock:
        assert mock.name in emulator.world.tenants

    assert mock.name not in emulator.world.tenants


def test_no_port_is_opened_before_a_url_is_asked_for(emulator):
    with emulator.tenant() as mock:
        mock.psa().service.boards.get(1)
        mock.admin.get("/clock")
        assert emulator._server is None


def test_waits_of_the_client_move_the_tenants_clock(mock):
    before = mock.clock.now

    psa = mock.psa()
    for _ in range(70):
        psa.service.boards.get(1)

    assert 60 <= (mock.clock.now - before).total_seconds() <= 90


def test_a_fault_that_never_struck_is_an_error_unless_it_may_not(mock):
    with pytest.raises(NeverStruck, match="/nowhere"), mock.faults.error(503, path="/nowhere"):
        pass
    with mock.faults.error(503, expected=False):
        pass
    assert mock.tenant.faults.documents() == []


def test_an_error_inside_the_block_is_not_hidden(mock):
    with pytest.raises(ZeroDivisionError), mock.faults.error(503):
        raise ZeroDivisionError


def test_a_fault_counts_its_strikes(mock):
    with mock.faults.error(503, times=2) as fault:
        mock.psa().service.boards.get(1)
        assert fault.struck == mock.faults.struck("error") == 2
        assert mock.faults.struck("delay") == 0


def test_the_report_holds_no_secret(mock):
    with mock.faults.delay(1, expected=False, path="/nowhere"):
        mock.psa().service.boards.get(1)
        mock.automate().computers.list().first()
        text = mock.report()

    assert "psa GET /v4_6_release/apis/3.0/service/boards/1 -> 200" in text
    assert "fault in force" in text
    assert "integrator-password" not in text
    assert "eyJ" not in text


def test_a_world_is_exported_and_imported_by_another_test(emulator, tmp_path):
    with emulator.tenant() as failing:
        made = failing.psa().service.sources.create({"name": "Left behind"})
        folder = failing.export_world(tmp_path / "bug-4711")
    with emulator.tenant() as mock:
        mock.import_world(folder)
        assert mock.psa().service.sources.get(made["id"])["name"] == "Left behind"
        mock.psa().service.sources.create({"name": "Later"})
        mock.admin.post("/reset")
        assert [each["name"] for each in mock.psa().service.sources.list()][-1] == "Left behind"

        folder.joinpath("service_sources.jsonl").write_text("{")
        with pytest.raises(BadFolder, match=r"service_sources\.jsonl, line 1"):
            mock.import_world(folder)
    with emulator.tenant() as other:
        names = [each["name"] for each in other.psa().service.sources.list()]
        assert "Left behind" not in names
        tmp_path.joinpath("diary.txt").write_text("mine")
        with pytest.raises(FileExistsError, match="holds no world"):
            other.export_world(tmp_path)
