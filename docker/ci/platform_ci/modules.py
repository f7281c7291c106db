"""Which modules there are, and what each depends on."""

import ast
from dataclasses import dataclass
from pathlib import Path

#: Locked and first-party addons; see Dockerfile.ce19. What a module depends on besides these is of Odoo CE.
ADDONS = Path("/opt/odoo-addons")


@dataclass(frozen=True)
class Modules:
    #: Name → what it depends on.
    ours: dict[str, tuple[str, ...]]

    @classmethod
    def read(cls, folder: Path = ADDONS) -> "Modules":
        manifests = {path.parent.name: ast.literal_eval(path.read_text("utf-8")) for path in folder.glob("*/__manifest__.py")}
        return cls({name: tuple(manifest.get("depends", ["base"])) for name, manifest in manifests.items()})

    def closure(self, module: str) -> tuple[list[str], list[str]]:
        """What a module needs, itself left out: modules of CE that it or ours name, and ours; each in order of its name."""
        core: set[str] = set()
        ours: set[str] = set()
        left = [module]
        while left:
            for name in self.ours[left.pop()]:
                if name not in self.ours:
                    core.add(name)
                elif name not in ours:
                    ours.add(name)
                    left.append(name)
        return sorted(core), sorted(ours)

    def with_dependants(self, modules: list[str]) -> list[str]:
        """These, and those of ours that need one of them, however far away."""
        return sorted(name for name in self.ours if name in modules or not set(modules).isdisjoint(self.closure(name)[1]))
