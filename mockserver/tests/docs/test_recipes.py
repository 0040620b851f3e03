"""Recipes in other languages are run where their tools are installed, others are at least read."""

import contextlib
import os
import re
import shutil
import subprocess

import pytest
import readme
import yaml

from mockserver import World, create_app
from mockserver.cli import serve
from mockserver.health import is_healthy
from mockserver.settings import Settings
from mockserver.web.serving import Server
from mockserver.web.tls import Authority

#: How a tool checks a file without running it.
CHECKS = {
    "js": ("node", "--check", "{}.mjs"),
    "php": ("php", "-l", "{}.php"),
    "go": ("gofmt", "-e", "-l", "{}.go"),
}
#: How a tool runs a file, and how it is told whom to trust.
RUNS = {
    "js": ("node", "{}.mjs"),
    "php": ("php", "-d", "curl.cainfo={ca}", "{}.php"),
    "go": ("go", "run", "{}.go"),
}
#: What a tool answers with 0 when it can run its recipe.
ABLE = {"php": ("-r", "exit(extension_loaded('curl') ? 0 : 1);")}
PSA = "/v4_6_release/apis/3.0"
INSTRUCTIONS = frozenset(
    {"FROM", "WORKDIR", "COPY", "RUN", "USER", "ENV", "EXPOSE", "HEALTHCHECK", "ENTRYPOINT", "CMD"}
)
VARIABLES = {f"CWMOCK_{each.name.upper()}" for each in serve.params}


def recipes(*tags):
    return [
        pytest.param(block, id=f"{page.name}, {block.tag}, line {block.line}")
        for page in readme.pages()
        for block in readme.blocks(page)
        if block.tag in tags
    ]


def compose():
    return yaml.safe_load(readme.ROOT.joinpath("compose.yaml").read_text(encoding="utf-8"))


def dockerfile():
    """Return the instructions with their arguments; continued lines are joined."""
    text = readme.ROOT.joinpath("Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [tuple(line.split(maxsplit=1)) for line in lines]


@pytest.mark.parametrize("block", recipes(*CHECKS))
def test_a_program_is_one(block, tmp_path):
    tool, *arguments = CHECKS[block.tag]
    if shutil.which(tool) is None:
        pytest.skip(f"needs {tool}")
    file = tmp_path / arguments.pop().format("recipe")
    file.write_text(block.text, encoding="utf-8")
    ended = subprocess.run(
        [tool, *arguments, file], capture_output=True, text=True, timeout=60, check=False
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert tool != "gofmt" or ended.stdout == ""


@pytest.fixture(scope="module", params=["http", "https"])
def served(request):
    """Return the URL of a server, and the path of the certificate that it is to be trusted by."""
    with contextlib.ExitStack() as stack:
        tls = request.param == "https"
        authority = stack.enter_context(Authority()) if tls else None
        context = authority.context if authority else None
        server = stack.enter_context(Server(create_app(World.seeded(42)), tls=context))
        yield server.url, str(authority.path) if authority else ""


def is_able(tool):
    asked = ABLE.get(tool)
    return asked is None or subprocess.run([tool, *asked], check=False).returncode == 0


@pytest.mark.slow
@pytest.mark.parametrize("block", recipes(*RUNS))
def test_a_recipe_for_another_language_lists_tickets(block, served, tmp_path):
    url, certificate = served
    tool, *arguments, file = RUNS[block.tag]
    if shutil.which(tool) is None or not is_able(tool):
        pytest.skip(f"needs {tool}, with what its recipe uses")
    path = tmp_path / file.format("recipe")
    path.write_text(block.text.replace("http://127.0.0.1:8080", url), encoding="utf-8")
    trust = {"NODE_EXTRA_CA_CERTS": certificate, "SSL_CERT_FILE": certificate}
    given = {name: value for name, value in trust.items() if value}
    ended = subprocess.run(
        [tool, *(each.format(ca=certificate) for each in arguments), path],
        env={**os.environ, **given, "CONNECTWISE_URL": url + PSA},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    assert (ended.returncode, ended.stderr) == (0, "")
    assert any(summary in ended.stdout for summary in ("Email not working", "Toner warning"))


def older(text):
    """Return C# as compilers read it that know neither statements of a file nor ``using var``."""
    lines = text.splitlines()
    named = [line for line in lines if re.fullmatch(r"using [\w.]+;", line)]
    done = [line.replace("using var", "var") for line in lines if line not in named]
    main = "static void Main() { Run().GetAwaiter().GetResult(); }"
    named += ["using System;", "using System.Net.Http;", "using System.Threading.Tasks;"]
    return "\n".join([*named, "class Recipe {", main, "static async Task Run() {", *done, "}}"])


@pytest.mark.slow
@pytest.mark.parametrize("block", recipes("csharp"))
def test_the_recipe_for_dotnet_lists_tickets_under_mono(block, served, tmp_path):
    url, certificate = served
    if certificate or not (shutil.which("mcs") and shutil.which("mono")):
        pytest.skip("needs Mono, which is told whom to trust in another way")
    tmp_path.joinpath("recipe.cs").write_text(older(block.text), encoding="utf-8")
    run = {"cwd": tmp_path, "capture_output": True, "text": True, "timeout": 100}
    made = subprocess.run(["mcs", "-r:System.Net.Http", "recipe.cs"], check=False, **run)
    if "System.Net.Http' could not be found" in made.stderr:
        pytest.skip("needs Mono with System.Net.Http")
    assert (made.returncode, made.stderr) == (0, "")
    ended = subprocess.run(
        ["mono", "recipe.exe"], check=False, env={**os.environ, "CONNECTWISE_URL": url + PSA}, **run
    )

    assert (ended.returncode, ended.stderr) == (0, "")
    assert "Toner warning" in ended.stdout


@pytest.mark.parametrize("block", recipes("powershell"))
def test_a_script_for_powershell_can_be_parsed(block):
    if shutil.which("pwsh") is None:
        pytest.skip("needs pwsh")
    parse = "[scriptblock]::Create([Console]::In.ReadToEnd()) | Out-Null"
    command = ["pwsh", "-NoProfile", "-Command", parse]
    subprocess.run(command, input=block.text, text=True, timeout=60, check=True)


@pytest.mark.parametrize("block", recipes("py"))
def test_python_that_is_only_shown_compiles(block):
    assert compile(block.text, "recipe", "exec")


@pytest.mark.parametrize("block", recipes("yaml"))
def test_a_description_in_yaml_can_be_read(block):
    assert isinstance(yaml.safe_load(block.text), dict)


@pytest.mark.parametrize("place", ["Dockerfile", "compose.yaml", "mockserver/docs/ci.md"])
def test_every_variable_that_is_named_exists(place):
    text = readme.ROOT.joinpath(place).read_text(encoding="utf-8")
    assert set(re.findall(r"CWMOCK_[A-Z_]+", text)) - {"CWMOCK_", "CWMOCK_CONTROL"} <= VARIABLES


def test_the_image_is_made_of_what_there_is_and_runs_as_nobody():
    steps = dockerfile()
    assert {name for name, _ in steps} <= INSTRUCTIONS
    sources = [
        source
        for name, rest in steps
        if name == "COPY" and not rest.startswith("--from")
        for source in rest.split()[:-1]
    ]
    assert all(readme.ROOT.joinpath(source).exists() for source in sources)
    kept = readme.ROOT.joinpath(".dockerignore").read_text(encoding="utf-8").split()
    assert {f"!{source}" for source in sources} <= set(kept)
    last = {name: rest for name, rest in steps if name != "COPY"}
    assert last["USER"] not in {"root", "0"}
    assert "mockserver.health" in last["HEALTHCHECK"]


def test_the_image_is_configured_by_variables_that_the_settings_read():
    (variables,) = (rest for name, rest in dockerfile() if name == "ENV")
    given = dict(pair.split("=", 1) for pair in variables.split())
    settings = Settings.load({}, given)
    assert (settings.host, settings.port) == ("0.0.0.0", 8080)


def test_compose_starts_two_servers_a_balancer_and_a_database():
    services = compose()["services"]
    assert set(services) == {"first", "second", "balancer", "database"}
    for name in ("first", "second"):
        environment = services[name]["environment"]
        assert environment["CWMOCK_STORE"].startswith("postgresql://")
        assert {f"{name}:8080"} <= set(re.findall(r"\w+:8080", str(compose()["configs"])))
        assert name in environment["CWMOCK_ALLOW_HOST"].split(",")
    for service in services.values():
        assert set(service.get("depends_on", {})) <= set(services)


def test_nobody_listening_is_not_healthy():
    assert not is_healthy({"CWMOCK_PORT": "1"})
