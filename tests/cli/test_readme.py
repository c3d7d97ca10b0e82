"""The README's transcript is what the demonstration says, but for undo handles and line ends."""

import os
import re
import subprocess
import sys
from pathlib import Path

README = Path(__file__).parents[2] / "README.md"


def flat(text: str) -> str:
    """Text without undo handles, with every run of blanks as one."""
    return " ".join(re.sub(r"eff_\w+", "eff_…", text).split())


def test_the_transcript_of_the_readme_is_real(tmp_path):
    transcript = README.read_text(encoding="utf-8").split("```")[1]
    said = [line[2:] for line in transcript.splitlines() if line.startswith("> ")]
    answered = [flat(part) for part in re.split(r"(?m)^> .*$", transcript)[1:]]
    assert len(said) >= 3
    demo = subprocess.run(
        [sys.executable, "-m", "cli.main", "demo"],
        input="\n".join(said),
        env={**os.environ, "DEALHAND_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert demo.returncode == 0, demo.stderr
    printed = flat(demo.stdout)
    for answer in answered:
        assert answer in printed
