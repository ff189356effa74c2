# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Build the root file systems of the virtual machines: a Debian release with its own kernel.

An image is a directory below .cache/vm with the files `root` (ext4), `kernel` and `initrd`. Its name contains a hash of
the recipe, so a changed recipe is rebuilt. Machines write to overlays, never to an image.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import NamedTuple

from ..gate.places import CACHE, LOGS

VM = CACHE / "vm"
_SETUP = Path(__file__).parent / "setup"
_SIZE = "2G"
_PACKAGES = (
    *("initramfs-tools", "systemd", "systemd-sysv", "dbus", "udev", "kmod", "libpam-systemd", "sudo"),
    *("openssh-server", "python3", "procps", "iproute2", "nginx", "postfix", "squid"),
)
# A small initrd with the drivers of the machine. It is made when the kernel is installed, so its settings come first.
_INITRD = (
    'mkdir -p "$1/etc/initramfs-tools/conf.d" "$1/usr/share/initramfs-tools/modules.d"'
    ' && echo MODULES=list >"$1/etc/initramfs-tools/conf.d/vm"'
    ' && printf "virtio_pci\\nvirtio_blk\\next4\\n" >"$1/usr/share/initramfs-tools/modules.d/vm"'
)
_OPTIONS = (
    "--variant=essential",
    "--mode=root",
    '--aptopt=APT::Install-Recommends "false"',
    *(f"--dpkgopt=path-exclude=/usr/share/{name}/*" for name in ("doc", "man", "locale")),
    f"--essential-hook={_INITRD}",
)
# It needs no kernel with SELinux; mkfs.ext4 copies the labels.
_LABEL = ("setfiles", "-m", "/etc/selinux/default/contexts/files/file_contexts", "/")
_MIRRORS = ("apt-get", "indextargets", "--format", "$(REPO_URI) $(ORIGIN) $(SUITE)", "Created-By: Packages")


class Image(NamedTuple):
    """A Debian suite, the other suites its packages may come from, and packages that only it has."""

    suite: str
    others: tuple[str, ...] = ()
    packages: tuple[str, ...] = ("linux-image-amd64",)
    # Words for the kernel.
    options: str = ""


# Since Debian 13, the sysctls that systemd sets at boot are in a package of their own.
_SYSCTLS = "linux-sysctl-defaults"
# Debian's kernels use AppArmor unless told otherwise.
ENFORCING = "security=selinux selinux=1 enforcing=1"
IMAGES = {
    "debian11": Image("bullseye"),
    "debian12": Image("bookworm"),
    "debian13": Image("trixie", packages=("linux-image-amd64", _SYSCTLS)),
    "debian13-backports": Image("trixie", ("trixie-backports",), ("linux-image-amd64/trixie-backports", _SYSCTLS)),
    "debian13-selinux": Image(
        "trixie",
        packages=("linux-image-amd64", _SYSCTLS, "selinux-policy-default", "policycoreutils", "auditd"),
        options=ENFORCING,
    ),
}


class ImageError(Exception):
    """An image could not be built; the message says why."""


def command(image: Image, target: str, mirror: str, key: str) -> list[str]:
    """Return the mmdebstrap command that makes the root directory `target`; `key` is the public key of root's login."""
    setup = f"--customize-hook=chroot \"$1\" sh -s -- '{key}' <'{_SETUP}'"
    include = f"--include={','.join((*image.packages, *_PACKAGES))}"
    sources = [f"deb {mirror} {suite} main" for suite in (image.suite, *image.others)]
    return ["mmdebstrap", *_OPTIONS, setup, include, image.suite, target, *sources]


def digest(image: Image) -> str:
    """Return a hash of everything that decides what is in an image, except the packages' versions."""
    labels = _LABEL if image.options == ENFORCING else ()
    recipe = [*command(image, "", "", ""), _SIZE, _SETUP.read_text(), *labels]
    # The place of the checkout is in one of the words.
    return hashlib.sha256("\n".join(recipe).replace(str(_SETUP), "").encode()).hexdigest()[:12]


def mirror() -> str:
    """Return the Debian mirror of this machine's apt; raise ImageError if it has none."""
    done = subprocess.run(_MIRRORS, capture_output=True, text=True, check=False)
    rows = [line.split() for line in done.stdout.splitlines()]
    found = [row[0] for row in rows if len(row) == 3 and row[1] == "Debian" and "-" not in row[2]]
    if not found:
        raise ImageError("apt on this machine knows no Debian mirror")
    return found[0].rstrip("/")


def login_key() -> Path:
    """Return the private key of root's ssh login; the first call makes it."""
    key = VM / "key"
    if not key.exists():
        VM.mkdir(parents=True, exist_ok=True)
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    return key


def path_of(name: str) -> Path:
    """Return the directory of an image, which may not exist yet."""
    return VM / f"{name}-{digest(IMAGES[name])}"


def build(name: str) -> Path:
    """Return the directory of an image, and build it if it is missing. It takes about a minute on an idle machine."""
    ready = path_of(name)
    if ready.is_dir():
        return ready
    key = login_key().with_suffix(".pub").read_text().strip()
    LOGS.mkdir(parents=True, exist_ok=True)
    for old in VM.glob(f"{name}-{'?' * 12}"):
        shutil.rmtree(old)
    new = Path(tempfile.mkdtemp(prefix="new-", dir=VM))
    try:
        tree, disk = new / "tree", new / "root"
        with (LOGS / f"vm-image-{name}.log").open("wb") as log:
            _run(command(IMAGES[name], str(tree), mirror(), key), log)
            for part, pattern in (("kernel", "vmlinuz-*"), ("initrd", "initrd.img-*")):
                shutil.copyfile(max((tree / "boot").glob(pattern)), new / part)
            if IMAGES[name].options == ENFORCING:
                _run(["chroot", str(tree), *_LABEL], log)
            _run(["truncate", "--size", _SIZE, str(disk)], log)
            _run(["mkfs.ext4", "-q", "-F", "-d", str(tree), str(disk)], log)
        shutil.rmtree(tree)
        new.chmod(0o755)
        new.rename(ready)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return ready


def _run(words: list[str], log) -> None:
    """Run a command with its output in `log`; raise ImageError if it fails."""
    if subprocess.run(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=False).returncode:
        raise ImageError(f"{words[0]} failed; see {log.name}")
