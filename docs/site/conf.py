# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documentation site. `make docs` builds it from these files, docs/*.md, docs/docsite and the plugins."""

project = html_title = html_short_title = "nettune.tcp"
copyright = "The nettune.tcp contributors"  # noqa: A001  # the name that Sphinx reads
extensions = ["myst_parser", "sphinx.ext.intersphinx", "sphinx_antsibull_ext"]
html_theme = "sphinx_ansible_theme"
html_static_path = ["_static"]
html_css_files = ["wide.css"]
html_show_sphinx = False
html_theme_options = {
    "collapse_navigation": True,
    "display_version": False,
    "documentation_home_url": "https://nettune.github.io/nettune.tcp/",
    "show_extranav": False,
    "show_rtd_ethical_ads": False,
    "topbar_links": {
        "Repository": "https://github.com/nettune/nettune.tcp",
        "Issues": "https://github.com/nettune/nettune.tcp/issues",
    },
}
# Headings of the Markdown files can be linked to as on GitHub.
myst_heading_anchors = 3
# Labels of Ansible's own site, which is not read. docs-check checks references to ours.
suppress_warnings = ["ref.ref"]
