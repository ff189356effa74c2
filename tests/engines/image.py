# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An execution environment: ansible-builder builds the image of the example, and jobs run in its containers.

Neither the build nor the containers have a network. The base is the image of a test host with pip and the
packages to install, which this machine's pip downloads. The example is used with another base and with the built
tarball, not the collection from Galaxy.
"""

from __future__ import annotations

import contextlib
import sys
from typing import Iterator

import yaml

from tests.gate.places import BUILD, CACHE, ROOT

from .place import Place, Wrong, expect

# The session of the gate has made this image.
_SUITE = "bookworm"
_EXAMPLE = ROOT / "examples" / "execution_environment.yml"
_NEEDS = ROOT / "meta" / "ee-requirements.txt"
_ENGINE = ROOT / "tests" / "images" / "engine"
_SETTINGS = {"CONTAINERS_CONF": str(CACHE / "containers.conf")}
# What ansible-builder installs besides the packages that the example names.
_BUILDER_NEEDS = ("bindep", "pyyaml", "packaging", "dumb-init==1.2.5")
_BASE = """\
ARG BASE
FROM ${BASE}
COPY wheels /wheels
ENV PIP_NO_INDEX=1 PIP_FIND_LINKS=/wheels
RUN PYTHONPATH=$(echo /wheels/pip-*.whl) python3 -m pip install --break-system-packages pip
"""
_BUILD = ("--network=none", "--layers=false", "--label=nettune.tcp.test=image")


def check(place: Place) -> Iterator[str]:
    """Build the image; run programs in it, and jobs as AWX and navigator do."""
    with _images(place) as (base, image):
        wheels = _base(place, base)
        yield f"base with pip and {wheels} packages"
        _build(place, base, image)
        yield "ansible-builder build"
        yield from _programs(place, image)
        yield from _jobs(place, image)


@contextlib.contextmanager
def _images(place: Place) -> Iterator[tuple[str, str]]:
    """Yield names for the base and the image, which no other run uses; remove both images after the block."""
    name = f"nettune-test:{place.directory.parent.name}"
    names = (f"{name}-base", name)
    try:
        yield names
    finally:
        for image in reversed(names):
            with contextlib.suppress(Wrong):
                place.run(_ENGINE, "rmi", image)


def _base(place: Place, base: str) -> int:
    """Build the base; return the number of packages in it."""
    host = place.run(ROOT / "tests" / "images" / "prepare", "--name", _SUITE).text.strip()
    version = "import sys; print(*sys.version_info[:2], sep='.')"
    python = place.run(_ENGINE, "run", "--rm", "--network=none", host, "python3", "-c", version).text.strip()
    dependencies = yaml.safe_load(_EXAMPLE.read_text(encoding="utf-8"))["dependencies"]
    named = [dependencies[name]["package_pip"] for name in ("ansible_core", "ansible_runner")]
    context = place.write("base/Containerfile", _BASE).parent
    wheels = context / "wheels"
    download = (sys.executable, "-m", "pip", "download", "--quiet", "--only-binary=:all:", f"--python-version={python}")
    place.run(*download, "--dest", wheels, "--requirement", _NEEDS, "pip", *_BUILDER_NEEDS, *named)
    place.run(_ENGINE, "build", *_BUILD, f"--build-arg=BASE={host}", "--tag", base, context)
    return len(list(wheels.iterdir()))


def _build(place: Place, base: str, image: str) -> None:
    """Build the image of the example, with the built collection and on this base."""
    tarball = next(BUILD.glob("*.tar.gz"), None)
    if tarball is None:
        raise Wrong("the collection is not built: run make build")
    definition = yaml.safe_load(_EXAMPLE.read_text(encoding="utf-8"))
    definition["images"] = {"base_image": {"name": f"localhost/{base}"}}
    # ansible-builder would install pip with ensurepip, which Debian removes, and would clean up after a package
    # manager, which the base lacks.
    definition["options"] = {"package_manager_path": "/usr/bin/true", "skip_pip_install": True}
    definition["additional_build_files"] = [{"src": str(tarball), "dest": "collection"}]
    definition["dependencies"]["galaxy"]["collections"] = [{"name": f"collection/{tarball.name}", "type": "file"}]
    place.run(
        *(CACHE / "importer" / "bin" / "ansible-builder", "build", "--container-runtime", "podman", "--tag", image),
        *("--file", place.write("execution-environment.yml", definition), "--context", place.directory / "context"),
        *("--extra-build-cli-args", " ".join(_BUILD)),
        env=_SETTINGS,
    )


def _programs(place: Place, image: str) -> Iterator[str]:
    """Run programs in containers, as the user of the image."""
    run = (_ENGINE, "run", "--rm", "--network=none")
    version = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))["version"]
    expect(place.run(*run, image, "ansible-galaxy", "collection", "list", "nettune.tcp").text, version)
    expect(place.run(*run, image, "ansible-doc", "nettune.tcp.tcp_facts").text, "gather_subset")
    yield "ansible-galaxy, ansible-doc"
    file = place.write("99-tuning.conf", "net.ipv4.tcp_tw_recycle = 1\n")
    lint = ("ansible-playbook", "nettune.tcp.lint", "-e", f"nettune_file=/runner/{file.name}")
    expect(place.run(*run, f"--volume={file}:/runner/{file.name}:ro", image, *lint, code=2).text, "removed")
    yield "ansible-playbook nettune.tcp.lint"


def _jobs(place: Place, image: str) -> Iterator[str]:
    """Run jobs on the container itself by ansible-runner, which starts a container for each."""
    place.write("job/inventory/hosts", "localhost ansible_connection=local\n")
    place.write("job/project/ansible.cfg", "")
    run = ("ansible-runner", "run", place.directory / "job", "--process-isolation")
    container = ("--process-isolation-executable", "podman", "--container-image", image)
    options = ("--container-option=--user=root", "--container-option=--network=none")
    # jmespath, which queries need, is in the image only because meta/execution-environment.yml names it.
    for playbook, variables, shown in (
        ("facts", {}, "1 host"),
        ("query", {"nettune_query": "hosts[].host"}, "localhost"),
        ("diagnose", {"nettune_sample": 0}, "localhost"),
    ):
        place.write("job/env/extravars", variables)
        job = (*run, *container, *options, "--playbook", f"nettune.tcp.{playbook}")
        expect(place.run(*job, env=_SETTINGS).text, shown)
        yield f"ansible-runner: {playbook}"
