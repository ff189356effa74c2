# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The gate, as sessions of nox. `make` calls them; `.cache/venv/bin/nox -l` lists them.

antsibull-nox.toml adds the sessions for linters, documentation and licences; docs/architecture.md says why the others
are ours. All sessions use the pinned tools in .cache/venv and write below .cache/ only.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import sys
from pathlib import Path
from typing import Any, Sequence

import antsibull_nox
import nox

sys.path.insert(0, str(Path(__file__).parent))

from tests.gate.places import BUILD, CACHE, COLLECTIONS, VENV, environment
from tests.gate.run import copy_checkout, machine_unchanged, run

# Two sessions run at the same time. They start in this order, so the long ones come first.
ANTSIBULL = ["docs-check", "codeqa", "formatters", "yamllint", "license-check", "extra-checks"]
TEXTS = [*ANTSIBULL, "changelog", "spelling", "workflows"]
CHECK = ["units", "lint-roles", *TEXTS]
REST = ["units", "ansible-lint", *TEXTS, "site", "prometheus"]
TEST = ["integration", "sanity", "target-units", "molecule", "lab", "importer", *REST]
DEEP = ["vm", "integration", "molecule-all", "trial-long", "integration-oldest", "target-units-all", "sanity-all"]
DEEP += ["units-long", "lab-all", "pairs", "target-modules", "controllers", "sanity-cores", "callbacks-posix"]
DEEP += ["engines", "engines-redis", "engines-image", "rollout-long", "screens", "report", "site-pages", "documented"]
DEEP += ["referee", "importer-all", *REST]

settings = environment()
os.environ.clear()
os.environ.update(settings)
# nox ends parallel sessions with SIGTERM; as an exception it lets them end their commands first.
signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))

nox.options.sessions = ["check"]
nox.options.allow_parallel = True
nox.options.parallel = 2
# A relative path is short; nox would replace the names of environments in a long one by hashes.
nox.options.envdir = ".cache/nox"
nox.options.default_venv_backend = "venv"
# antsibull-nox makes an environment for each of its sessions and installs the newest tools. Ours are in .cache/venv.
nox.options.reuse_venv = "always"
nox.Session.install = lambda *_packages, **_options: None
for name in [*ANTSIBULL, "ansible-lint"]:
    (CACHE / "nox" / name).mkdir(parents=True, exist_ok=True)
    for part in ("bin", "lib", "pyvenv.cfg"):
        with contextlib.suppress(FileExistsError):
            (CACHE / "nox" / name / part).symlink_to(VENV / part)
antsibull_nox.load_antsibull_nox_toml()


def add(
    name: str,
    text: str,
    *command: str,
    default: Sequence[str] = (),
    needs: str = "",
    hosts: bool = False,
    **options: Any,
) -> None:
    """Add a session that runs one command, with the arguments given to nox or those of `default`.

    hosts: the command makes hosts, and must leave this machine unchanged. options: those of `run`.
    """

    def session(session: nox.Session) -> None:
        with machine_unchanged(session) if hosts else contextlib.nullcontext():
            run(session, [*command, *(session.posargs or default)], **options)

    session.__doc__ = text
    nox.session(name=name, python=False, requires=needs.split())(session)


add("changelog", "antsibull-changelog lint.", "antsibull-changelog", "lint")
add("spelling", "codespell.", "codespell")


@nox.session(python=False)
def workflows(session: nox.Session) -> None:
    """The files in .github: zizmor for security, check-jsonschema for their schemas."""
    github = Path(".github")
    schemas = {
        "vendor.github-workflows": sorted(github.glob("workflows/*.yml")),
        "vendor.dependabot": [github / "dependabot.yml"],
        "vendor.github-issue-forms": [file for file in github.glob("ISSUE_TEMPLATE/*.yml") if file.stem != "config"],
        "vendor.github-issue-config": [github / "ISSUE_TEMPLATE" / "config.yml"],
    }
    checks = [["check-jsonschema", "--builtin-schema", name, *files] for name, files in schemas.items()]
    run(session, ["zizmor", "--offline", "--no-progress", github], *checks)


CHECKOUT = {"ANSIBLE_COLLECTIONS_PATH": "playbooks/collections"}
add(
    "lint-roles",
    "ansible-lint on roles and playbooks only.",
    *("ansible-lint", "--offline", "--strict", "roles", "playbooks"),
    env=CHECKOUT,
)

ANSIBLE_TEST = (sys.executable, "-m", "tests.gate.ansible_test")
add(
    "sanity",
    "ansible-test sanity on the oldest and newest target Python.",
    *ANSIBLE_TEST,
    "sanity",
    "--ends",
    "--pylint-plugins",
    minutes=15,
)
add("sanity-all", "ansible-test sanity on every target Python.", *ANSIBLE_TEST, "sanity", minutes=15)
add("target-units", "Unit tests on the oldest and newest target Python.", *ANSIBLE_TEST, "units", "--ends", minutes=15)
add("target-units-all", "Unit tests on every target Python.", *ANSIBLE_TEST, "units", minutes=60)

HOSTS = {"hosts": True, "minutes": 30}
BUILT = {"needs": "build", **HOSTS}
SCENARIO = ("molecule", "test", "--scenario-name")
add(
    "molecule", "Molecule scenario in containers: `default`, or the one named.", *SCENARIO, default=["default"], **BUILT
)
add("molecule-all", "All molecule scenarios.", "molecule", "test", "--all", **{**BUILT, "minutes": 40})
TARGETS = (sys.executable, "tests/integration/run.py")
# With more random runs than in the gate.
OLDEST = {
    "PATH": f"{CACHE / 'oldest' / 'bin'}{os.pathsep}{os.environ['PATH']}",
    "NETTUNE_PROFILE_RUNS": "25",
    "NETTUNE_REVERTS": "10",
}
POSIX = {
    "PATH": f"{CACHE / 'callbacks' / 'bin'}{os.pathsep}{os.environ['PATH']}",
    "NETTUNE_CALLBACKS": "ansible.posix.json ansible.posix.jsonl",
}
LONG = {"NETTUNE_TRIAL": "long"}
ROLLOUTS = {"NETTUNE_ROLLOUT": "long"}
add("integration", "Integration targets on local test hosts: all, or those named.", *TARGETS, **BUILT)
add("integration-oldest", "The same with the oldest supported ansible-core.", *TARGETS, env=OLDEST, **BUILT)
add("callbacks-posix", "The target `callbacks` with those of ansible.posix.", *TARGETS, "callbacks", env=POSIX, **BUILT)
ENGINES = (sys.executable, "-m", "tests.engines")
add("engines", "ansible-runner, ansible-pull, gather_facts and fact caches on local test hosts.", *ENGINES, **HOSTS)
add(
    "engines-redis",
    "The fact cache of community.general with a Redis server.",
    *ENGINES,
    "redis",
    env={"PATH": POSIX["PATH"]},
    **HOSTS,
)
add(
    "screens",
    "Record the screens, all or those named; a difference from docs/screens is an error.",
    *(sys.executable, "-m", "tests.screens", "--check"),
    **HOSTS,
)
add(
    "trial-long",
    "The target `trial` with the kernel's own timeouts.",
    *TARGETS,
    "trial",
    env=LONG,
    **{**BUILT, "minutes": 60},
)
add(
    "rollout-long",
    "The target `rollout` with all failures of later batches.",
    *TARGETS,
    "rollout",
    env=ROLLOUTS,
    **BUILT,
)
add(
    "vm",
    "Roles on virtual machines that really boot: those of `make vm`, or --full, --image=NAME, --part=NAME.",
    *(sys.executable, "-m", "tests.vm"),
    **{**BUILT, "minutes": 150},
)
add(
    "pairs",
    "The integration target `pairs`, which is not among all: every two roles on one host.",
    *TARGETS,
    "pairs",
    **BUILT,
)
add("report", "The page of the report in a browser.", "pytest", "--quiet", "--numprocesses", "0", "tests/report")
PAGES_IN_A_BROWSER = ("pytest", "--quiet", "--numprocesses", "0", "tests/site")
add("site-pages", "The pages of the documentation site in a browser.", *PAGES_IN_A_BROWSER, needs="site", minutes=20)
DOCUMENTED = (sys.executable, "-m", "tests.documented")
add("documented", "Every command of the documentation, on local test hosts.", *DOCUMENTED, **HOSTS)
VERSIONS = (sys.executable, "-m", "tests.gate.versions")
add("target-modules", "Every module on every target Python, or those named.", *VERSIONS, "targets", **BUILT)
add("sanity-cores", "Sanity tests with each supported ansible-core.", *VERSIONS, "sanity", minutes=60)
add("controllers", "Every module with each ansible-core on each Python it supports.", *VERSIONS, "controllers", **BUILT)
LAB = (sys.executable, "tests/lab/run_cases.py", "check")
add("lab", "Lab cases on local test hosts: the quick ones, or those named.", *LAB, **HOSTS)
add("lab-all", "All lab cases.", *LAB, "all", **HOSTS)
add(
    "prometheus",
    "promtool on the metrics, the alert rules and the dashboard.",
    *(sys.executable, "-m", "tests.prometheus"),
)
add(
    "referee",
    "Our parsers against systemd, PAM and sysctl; NETTUNE_SEED=N repeats a run.",
    sys.executable,
    "-m",
    "tests.referee",
    **HOSTS,
)


@nox.session(python=False, requires=CHECK)
def check(_session: nox.Session) -> None:
    """The inner loop: linters, documentation, unit tests."""


@nox.session(python=False, requires=TEST)
def test(_session: nox.Session) -> None:
    """The gate: everything that must pass before a merge."""


@nox.session(python=False, requires=DEEP)
def deep(_session: nox.Session) -> None:
    """The gate with virtual machines, all molecule scenarios, lab cases, screens and versions."""


@nox.session(python=False)
def build(session: nox.Session) -> None:
    """Build the collection in .cache/build and install it in .cache/collections."""
    source = CACHE / "src" / "ansible_collections" / "nettune" / "tcp"
    copy_checkout(source)
    for directory in (BUILD, COLLECTIONS):
        shutil.rmtree(directory, ignore_errors=True)
    run(session, ["ansible-galaxy", "collection", "build", "--output-path", BUILD, source])
    install = ["ansible-galaxy", "collection", "install", "--offline", "--collections-path", COLLECTIONS]
    run(session, [*install, *BUILD.glob("*.tar.gz")])


# Tests of filters load ansible-core as on a controller; modules in the same process would behave differently.
MODULES = "tests/unit/plugins/modules"
OTHERS = ("--ignore", MODULES, "tests/unit")


@nox.session(python=False)
def units(session: nox.Session) -> None:
    """Unit tests in the checkout on the Python of .cache/venv, without the long ones. Arguments go to pytest."""
    unit_tests(session, ["-m", "not long", *OTHERS], ["-m", "not long", MODULES])


@nox.session(name="units-long", python=False)
def units_long(session: nox.Session) -> None:
    """Unit tests that take seconds of CPU time each."""
    unit_tests(session, ["-m", "long", *OTHERS], minutes=30)


@nox.session(python=False)
def coverage(session: nox.Session) -> None:
    """Branch coverage of the pure code by the unit tests, without the long ones."""
    report = CACHE / "coverage" / "report.json"
    report.parent.mkdir(parents=True, exist_ok=True)
    tool = [sys.executable, "-m", "coverage"]
    # One process: those of pytest-xdist would have to be measured each and combined.
    measured = [*tool, "run", "--append", "-m", "pytest", "--quiet", "--numprocesses", "0", "-m", "not long"]
    tests = [[*tool, "erase"], [*measured, *OTHERS], [*measured, MODULES]]
    check = [sys.executable, "-m", "tests.gate.coverage_report", report]
    run(session, *tests, [*tool, "report"], [*tool, "json", "--quiet", "-o", report], check, minutes=30)


def unit_tests(session: nox.Session, *runs: list[str], minutes: float = 10) -> None:
    """Run pytest with each of these arguments, or with those given to nox."""
    env = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(CACHE / "pycache")}
    chosen = [session.posargs] if session.posargs else runs
    commands = (["pytest", "--quiet", "--numprocesses", "auto", *words] for words in chosen)
    run(session, *commands, env=env, minutes=minutes)


@nox.session(name="engines-image", python=False, requires=["build"])
def engines_image(session: nox.Session) -> None:
    """An execution environment: ansible-builder builds its image without a registry, and jobs run in it."""
    # A machine that cannot make images skips the session.
    prepare = ["tests/images/prepare", "bookworm"]
    with machine_unchanged(session):
        run(session, prepare, [*ENGINES, "image"], env={"NETTUNE_CONTAINER_ENGINE": "podman"}, minutes=30)


@nox.session(python=False, requires=["build"])
def importer(session: nox.Session) -> None:
    """galaxy-importer and ansible-builder on the built collection; warnings are errors."""
    run_importer(session)


@nox.session(name="importer-all", python=False, requires=["build"])
def importer_all(session: nox.Session) -> None:
    """The same with flake8 and ansible-lint, as on Galaxy."""
    run_importer(session, GALAXY_IMPORTER_RUN_FLAKE8="True", GALAXY_IMPORTER_RUN_ANSIBLE_LINT="True")


def run_importer(session: nox.Session, **settings: str) -> None:
    """Run galaxy-importer and ansible-builder; `settings` override those of galaxy-importer.cfg."""
    tools = CACHE / "importer" / "bin"
    env = {
        **settings,
        "GALAXY_IMPORTER_CONFIG": str(Path("tests/gate/galaxy-importer.cfg").resolve()),
        "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
    }
    # It writes a file with its findings to the current directory.
    command = [tools / "python", "-m", "galaxy_importer.main", *BUILD.glob("*.tar.gz")]
    builder, environment_file = tools / "ansible-builder", Path("examples/execution_environment.yml").resolve()
    introspect = [builder, "introspect", COLLECTIONS]
    create = [builder, "create", "--file", environment_file, "--context", CACHE / "execution_environment"]
    lines = run(session, introspect, create, command, env=env, cwd=BUILD)
    findings = [line for line in lines if line.startswith(("ERROR", "WARNING"))]
    if findings:
        session.error("\n".join([f"{len(findings)} errors and warnings:", *findings]))


# Markdown files that are pages of the site too. Links to others lead to the repository.
PAGES = ("docs/architecture.md", "docs/performance.md", "docs/reliability.md", "CONTRIBUTING.md")
REPOSITORY = "https://github.com/nettune/nettune.tcp/blob/main/"


@nox.session(python=False, requires=["build"])
def site(session: nox.Session) -> None:
    """The documentation site, in .cache/docs/html; warnings of Sphinx are errors."""
    docs = CACHE / "docs"
    shutil.rmtree(docs, ignore_errors=True)
    shutil.copytree("docs/site", docs / "rst")
    explanation = docs / "rst" / "explanation"
    shutil.copytree("docs/img", explanation / "img")
    for page in map(Path, PAGES):
        text = re.sub(r"\]\((?!https?:|#|img/)(?:\.\./)?", f"]({REPOSITORY}", page.read_text())
        (explanation / page.name.lower()).write_text(text)
    (docs / "rst" / "collection").mkdir()
    generate = ["antsibull-docs", "collection", "--use-current", "--squash-hierarchy"]
    build = ["sphinx-build", "--quiet", "--fail-on-warning", "--keep-going", "--builder", "html"]
    run(
        session,
        [*generate, "--dest-dir", docs / "rst" / "collection", "nettune.tcp"],
        [*build, docs / "rst", docs / "html"],
    )
