# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""`python -m tests.gate.importer TARBALL`: what Galaxy does with an upload, without Docker.

galaxy-importer ends well after errors that Galaxy would only show; here they are errors.
"""

from __future__ import annotations

import os
import subprocess
import sys

from .places import BUILD, IMPORTER, ROOT


def main() -> int:
    """1 where the import fails, or anything is wrong with the collection."""
    env = {
        **os.environ,
        "GALAXY_IMPORTER_CONFIG": str(ROOT / "tests" / "gate" / "galaxy-importer.cfg"),
        "PATH": f"{IMPORTER}{os.pathsep}{os.environ['PATH']}",
    }
    command = [IMPORTER / "python", "-m", "galaxy_importer.main", sys.argv[1]]
    # It leaves a file with its findings where it is started.
    done = subprocess.run(command, cwd=BUILD, env=env, capture_output=True, text=True, check=False)
    said = done.stdout + done.stderr
    print(said)
    complaints = [line for line in said.splitlines() if line.startswith(("ERROR", "WARNING"))]
    print(*complaints, sep="\n")
    return done.returncode or bool(complaints)


if __name__ == "__main__":
    sys.exit(main())
