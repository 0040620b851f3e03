"""A world written to a folder is served as it was, and what was changed in it is not lost."""

import json

import pytest
from click.testing import CliRunner

from mockserver import World, create_app
from mockserver.cli import main
from mockserver.core.bundle import BadFolder
from mockserver.tests.integration.strange_world import estrange
from mockserver.web.serving import Server

TICKETS = "/v4_6_release/apis/3.0/service/tickets"
COMPUTERS = "/v4_6_release/apis/3.0/company/configurations"
CALLER = {"auth": ("company+publickey", "privatekey"), "headers": {"clientId": "any"}}


def served(**plan):
    return create_app(World.seeded(frozen=True, **plan))


def bodies(app):
    http = app.test_client()
    paths = (f"{TICKETS}?pageSize=1000", f"{COMPUTERS}?pageSize=1000", f"{TICKETS}/5000/notes")
    return [http.get(path, **CALLER).data for path in paths]


def run(*words):
    return CliRunner().invoke(main, ["world", *map(str, words)])


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("worlds") / "tiny"
    assert run(path, "--size", "tiny", "--seed", "7").exit_code == 0
    return path


def test_a_built_world_is_served_from_its_folder_as_if_built_at_start(folder):
    assert bodies(served(world=folder)) == bodies(served(seed=7, size="tiny"))


def test_what_a_running_server_holds_is_taken_along(folder, tmp_path):
    app = served(world=folder)
    changed = [{"op": "replace", "path": "summary", "value": "Changed by hand"}]
    app.test_client().patch(f"{TICKETS}/5000", json=changed, **CALLER)
    copy = tmp_path / "copy"
    with Server(app) as server:
        told = run("--from", server.url, "--out", copy)

    assert told.exit_code == 0, told.output
    again = served(world=copy).test_client()
    assert again.get(f"{TICKETS}/5000", **CALLER).json["summary"] == "Changed by hand"
    assert bodies(served(world=copy)) == bodies(app)


def test_the_archive_of_an_untouched_tenant_is_the_same_bytes_each_time(folder):
    first, second = (served(world=folder).test_client().get("/_mock/world") for _ in range(2))

    assert first.mimetype == "application/zip"
    assert first.data == second.data


def test_tenants_share_the_folder_unless_they_ask_for_a_size(folder):
    http = served(world=folder).test_client()
    other = http.post("/_mock/tenants", json={"name": "other"}).json["psa"]
    caller = {"auth": (f"{other['company']}+{other['public_key']}", other["private_key"])}

    mine = http.get(f"{TICKETS}/count", **CALLER).json
    assert http.get(f"{TICKETS}/count", **caller, headers={"clientId": "any"}).json == mine


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("MADE_BY.json", "{}", "does not say seed and size"),
        ("MADE_BY.json", "[", "does not say seed and size"),
        ("nothing_known.jsonl", "", "named after no collection"),
        ("service_tickets.jsonl", "{", "line 1, is no JSON"),
        ("service_tickets.jsonl", "[]\n", "line 1, is no record"),
        ("service_tickets.jsonl", '{"id": 2}\n{"id": 2}\n', "line 2, has no id above 2"),
        ("service_tickets.jsonl", '{"id": "2"}\n', "line 1, has no id"),
    ],
)
def test_a_folder_that_is_no_world_is_told_by_file_and_line(tmp_path, name, text, complaint):
    made_by = tmp_path / "MADE_BY.json"
    made_by.write_text(json.dumps({"seed": 42, "size": "tiny"}))
    tmp_path.joinpath(name).write_text(text)

    with pytest.raises(BadFolder, match=complaint):
        served(world=tmp_path)


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ((), "name the folder"),
        (("x", "--size", "huge"), "size must be"),
        (("x", "--from", "http://127.0.0.1:9"), "cannot be reached"),
    ],
)
def test_a_wrong_command_is_one_clear_line(tmp_path, monkeypatch, words, complaint):
    monkeypatch.chdir(tmp_path)

    told = run(*words)

    assert told.exit_code == 2
    assert complaint in told.output
    assert "Traceback" not in told.output


def test_a_folder_with_other_things_is_left_alone(tmp_path):
    tmp_path.joinpath("diary.txt").write_text("mine")

    told = run(tmp_path, "--size", "tiny")

    assert told.exit_code == 2
    assert "holds no world" in told.output
    assert [each.name for each in tmp_path.iterdir()] == ["diary.txt"]


def test_serve_tells_a_bad_folder_in_one_line_and_ends_with_2(tmp_path):
    told = CliRunner().invoke(main, ["serve", "--port", "0", "--world", str(tmp_path)])

    assert told.exit_code == 2
    assert told.output.count("\n") == 1
    assert "world:" in told.output


def test_export_need_not_be_named_and_is_a_folder_only_when_it_is_spelt_as_one(
    folder, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    made_of = "--size", "tiny", "--seed", "7"
    for words in (("export", "one"), ("./export",), ("--out", "two"), ("export", "--out", "three")):
        assert run(*words, *made_of).exit_code == 0

    names = ["export", "one", "three", "two"]
    assert sorted(each.name for each in tmp_path.iterdir()) == names
    for name in names:
        assert contents(tmp_path / name) == contents(folder)
    assert run("export").exit_code == 2


def contents(folder):
    return {each.name: each.read_bytes() for each in folder.iterdir()}


def test_a_state_is_put_into_a_server_and_into_a_store_that_is_one_file_afterwards(
    folder, tmp_path
):
    app = served(world=folder)
    app.test_client().post("/_mock/tenants", json={"name": "bug"})
    with Server(app) as server:
        own = run("export", tmp_path / "own", "--from", server.url, "--tenant", "bug")
        app.test_client().post("/_mock/clock", json={"advance": 5}, query_string={"tenant": "bug"})
        told = run("import", tmp_path / "own", "--into", server.url, "--tenant", "bug")
        back = run("export", tmp_path / "back", "--from", server.url, "--tenant", "bug")
    assert (own.exit_code, told.exit_code, back.exit_code) == (0, 0, 0)
    assert told.output.startswith("bug begins with ")
    assert contents(tmp_path / "back") == contents(tmp_path / "own")

    store = f"sqlite:///{tmp_path}/kept.db"
    for words in (
        ("import", tmp_path / "own", "--into", store, "--size", "tiny"),
        ("export", tmp_path / "again", "--from", store, "--size", "tiny"),
    ):
        assert run(*words).exit_code == 0
        assert not list(tmp_path.glob("kept.db-*"))
    assert contents(tmp_path / "again") == contents(tmp_path / "own")


def test_a_zip_is_imported_like_a_folder_and_a_folder_is_served_like_an_import(folder, tmp_path):
    app = served(world=folder)
    changed = [{"op": "replace", "path": "summary", "value": "Changed"}]
    app.test_client().patch(f"{TICKETS}/5000", json=changed, **CALLER)
    app.test_client().post("/_mock/clock", json={"advance": 1_000})
    state = app.test_client().get("/_mock/world").data
    tmp_path.joinpath("state.zip").write_bytes(state)
    other = served(size="tiny")
    with Server(other) as server:
        assert run("import", tmp_path / "state.zip", "--into", server.url).exit_code == 0
        run("export", tmp_path / "state", "--from", server.url)

    assert other.test_client().get("/_mock/world").data == state
    again = served(world=tmp_path / "state").test_client()
    assert again.get("/_mock/world").data == state
    assert again.get("/_mock/clock").json == app.test_client().get("/_mock/clock").json


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("nowhere", "--into", "http://127.0.0.1:9"), "nowhere: it is no folder"),
        ((".", "--into", "http://127.0.0.1:9"), "cannot be reached"),
        ((".",), "Missing option '--into'"),
        ((".", "--into", "sqlite:///nowhere/x.db"), "there is no folder"),
        ((".", "--into", "sqlite:///x.db", "--size", "huge"), "is not tiny, default"),
        ((".", "--into", "sqlite:///x.db"), "service_sources.jsonl, line 1, is no JSON"),
        ((".", "--into", "sqlite:///x.db", "--tenant", "bug"), "there is no tenant 'bug'"),
        (("MADE_BY.json", "--into", "http://127.0.0.1:9"), "is no zip"),
    ],
)
def test_a_wrong_import_is_one_clear_line(tmp_path, monkeypatch, words, complaint):
    monkeypatch.chdir(tmp_path)
    tmp_path.joinpath("MADE_BY.json").write_text(json.dumps({"seed": 42, "size": "tiny"}))
    tmp_path.joinpath("service_sources.jsonl").write_text("{")

    told = run("import", *words)

    assert told.exit_code == 2
    assert complaint in told.output
    assert "Traceback" not in told.output


def test_help_shows_a_new_user_all_there_is():
    told = run("--help").output
    assert all(f"cwmock world {each} FOLDER" in told for each in ("export", "import"))
    assert "--from URL" in run("export", "--help").output
    assert "--into URL" in run("import", "--help").output
    lines = run("--help").output.splitlines()
    assert "\\b" not in "".join(lines)
    assert sum(line.strip().startswith("cwmock ") for line in lines) == 4


def test_groups_of_any_name_have_members(folder, tmp_path):
    strange = estrange(folder, tmp_path / "strange")
    app = served(world=strange)
    http = app.test_client()
    login = {"UserName": "integrator", "Password": "integrator-password"}
    token = http.post("/cwa/api/v1/apitoken", json=login).json["AccessToken"]
    headers = {"Authorization": f"Bearer {token}", "ClientId": "any"}

    members = http.get("/cwa/api/v1/GroupComputers", headers=headers)

    assert members.status_code == 200
    assert members.json
