"""What was looked at in a restored copy, and whether it holds: the vocabulary of every restore report."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Finding:
    #: Name of the check, the same in every report.
    check: str
    holds: bool
    measured: Any
    #: What is allowed, to be read beside `measured`.
    limit: Any
    #: One sentence: what was seen; where the check doesn't hold, what is wrong.
    detail: str


@dataclass
class Report:
    """Findings in the order in which they were made. It holds when there are some and all of them hold."""

    findings: list[Finding] = field(default_factory=list)
    #: Step → seconds.
    seconds: dict[str, float] = field(default_factory=dict)
    #: Facts that others need: labels, targets, times.
    facts: dict[str, Any] = field(default_factory=dict)

    def add(self, finding: Finding) -> Finding:
        self.findings.append(finding)
        return finding

    def run(self, check: str, limit: Any, work: Callable[[], Finding]) -> Finding:
        """Adds what `work` finds. What it throws is a finding too: a check that could not be made does not hold."""
        try:
            return self.add(work())
        except Exception as error:  # noqa: BLE001
            return self.add(Finding(check, False, None, limit, f"could not be checked: {sentence(error)}"))

    @property
    def holds(self) -> bool:
        return len(self.findings) > 0 and all(finding.holds for finding in self.findings)

    def as_data(self) -> dict[str, Any]:
        return {
            "holds": self.holds,
            "findings": [asdict(finding) for finding in self.findings],
            "seconds": {step: round(value, 2) for step, value in self.seconds.items()},
            "facts": self.facts,
        }


def sentence(error: BaseException | str, longest: int = 600) -> str:
    """One line of bearable length."""
    line = " ".join(str(error).split()) or type(error).__name__
    return line if len(line) <= longest else line[: longest - 1] + "…"


def some(names: list[str], most: int = 5) -> str:
    """The first names of a list, and how many more there are."""
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
