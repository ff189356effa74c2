# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The reference page of the metrics. `python -m tests.options` writes docs/docsite/rst/reference_metrics.rst."""

from __future__ import annotations

from ansible_collections.nettune.tcp.plugins.plugin_utils.metrics.metric import HOST, Metric
from ansible_collections.nettune.tcp.plugins.plugin_utils.metrics.table import METRICS

from .page import ROOT

PAGE = ROOT / "docs" / "docsite" / "rst" / "reference_metrics.rst"
HEAD = f"""\
..
  SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
  SPDX-License-Identifier: GPL-3.0-or-later

  Made by `python -m tests.options`.

.. _ansible_collections.nettune.tcp.docsite.reference_metrics:

Metrics
=======

These are the metrics that the playbook ``metrics`` writes; see
:ref:`ansible_collections.nettune.tcp.docsite.guide_metrics`. Each series also has the label ``{HOST}``, the name of the
host in the inventory. A metric whose fact is not available on a host has no series there.

.. list-table::
   :header-rows: 1
   :widths: 35 10 20 35

   * - Metric
     - Type
     - Labels
     - Meaning
"""


def text() -> str:
    """Return the page."""
    return HEAD + "".join(map(_row, METRICS))


def _row(metric: Metric) -> str:
    labels = ", ".join(f"``{label}``" for label in metric.labels) or "\\-"
    when = f"; only with ``{metric.when}``" if metric.when else ""
    cells = (f"``{metric.name}``", metric.kind, labels, f"{metric.help.replace('_', chr(92) + '_')}{when}.")
    return f"   * - {cells[0]}\n" + "".join(f"     - {cell}\n" for cell in cells[1:])
