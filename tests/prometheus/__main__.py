# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the metrics, the alert rules and the queries of the dashboard with promtool.

python -m tests.prometheus
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "playbooks" / "collections"))

from ansible_collections.nettune.tcp.plugins.plugin_utils.metrics.series import of_host, of_missing
from ansible_collections.nettune.tcp.plugins.plugin_utils.metrics.text import render
from ansible_collections.nettune.tcp.tests.unit.support import diagnosed

RULES = ROOT / "examples" / "prometheus" / "nettune-tcp.rules.yml"
# tests/gate/packages.sh unpacks it there.
PROMTOOL = shutil.which("promtool") or str(ROOT / ".cache" / "promtool" / "promtool")
DASHBOARD = ROOT / "examples" / "grafana" / "nettune-tcp.json"
HOSTILE = 'a"} 1\nevil{x="\\\0\x1b\udc80ü'


def main() -> None:
    """Run all checks; the first that fails ends the process with its output."""
    promtool("check", "metrics", given=metrics())
    promtool("check", "rules", str(RULES))
    with tempfile.TemporaryDirectory() as directory:
        queries = Path(directory, "queries.yml")
        queries.write_text(json.dumps(as_rules(json.loads(DASHBOARD.read_text()))))
        promtool("check", "rules", str(queries))
    promtool("test", "rules", "alerts.yml")


def metrics() -> str:
    """Return the metrics of a usual host, of one with hostile names, and of one without facts."""
    processes = [{"pid": 1, "name": HOSTILE, "unit": HOSTILE, "descriptors": 2, "soft": 9}]
    profiles = {"profiles": [{"name": HOSTILE}], "drift": []}
    usual = {"host": "web1", "at": "2026-11-29T09:30:00Z", "facts": diagnosed.host(), "profiles": profiles}
    hostile = {"host": HOSTILE, "facts": diagnosed.host(nofile__processes=processes)}
    return render([*of_host(usual, peers=5), *of_host(hostile, peers=5), *of_missing("dead1")])


def as_rules(dashboard: dict) -> dict:
    """Return the queries of a dashboard as recording rules, which promtool checks."""
    queries = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    rules = [
        {"record": f"query:{number}", "expr": query.replace("$host", ".*")} for number, query in enumerate(queries)
    ]
    return {"groups": [{"name": "queries", "rules": rules}]}


def promtool(*words: str, given: str = "") -> None:
    """Run promtool. Raises SystemExit if it fails."""
    command = [PROMTOOL, *words]
    here = Path(__file__).parent
    done = subprocess.run(command, cwd=here, input=given, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"promtool {' '.join(words)} fails:\n{done.stdout}{done.stderr}")
    print(f"{' '.join(words[:2])}: passed")


if __name__ == "__main__":
    main()
