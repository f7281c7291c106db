"""Which installed modules differ from what the database was last brought up to date with.

Versions in manifests don't tell: an edited view is a change without a new one. The image has a digest of what an update of
each module reads (platform_addons.py), and the database remembers those of its last update.
"""

import json
from pathlib import Path

FILE = Path("/opt/odoo-platform/contents.json")
PARAMETER = "platform.module_contents"


def of_image(file: Path = FILE) -> dict[str, str]:
    return dict(json.loads(file.read_text(encoding="utf-8")))


def changed(parameters: dict[str, str], there: dict[str, str], installed: set[str]) -> list[str]:
    """Modules whose contents are others than those remembered, or of which none are. What the image lost stays as it is."""
    before = json.loads(parameters.get(PARAMETER) or "{}")
    return sorted(name for name in installed & there.keys() if before.get(name) != there[name])


def to_remember(there: dict[str, str], installed: set[str]) -> str:
    return json.dumps({name: there[name] for name in sorted(installed & there.keys())})
