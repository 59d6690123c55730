"""Compile the one optional module of the package, where there is a compiler; else leave it out."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FOLDER = "likeliest/language/models"


def compiled(source: Path, folder: Path) -> Path | None:
    """Return the module made of a C file, or None where it could not be made, saying why."""
    made = folder / f"_{source.stem}{sysconfig.get_config_var('EXT_SUFFIX')}"
    compiler = shlex.split(os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc")
    include = sysconfig.get_path("include")
    link = ["-bundle", "-undefined", "dynamic_lookup"] if sys.platform == "darwin" else ["-shared"]
    command = [*compiler, "-O2", "-fPIC", *link, f"-I{include}", str(source), "-o", str(made)]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    except (OSError, subprocess.CalledProcessError) as error:
        why = getattr(error, "stderr", None) or error
        sys.stderr.write(f"likeliest goes without its optional compiled module: {why}\n")
        return None
    return made


class Compiled(BuildHookInterface[Any]):
    """Puts the module beside its source, and into the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile before the files of the wheel are gathered."""
        folder = Path(self.root, "src", FOLDER)
        made = compiled(folder / "walk.c", folder)
        if made is None:
            return
        build_data["pure_python"], build_data["infer_tag"] = False, True
        if version != "editable":
            build_data["force_include"][str(made)] = f"{FOLDER}/{made.name}"
