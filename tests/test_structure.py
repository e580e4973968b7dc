"""Promises about the project as a whole."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
import sys
from importlib.metadata import packages_distributions, requires
from pathlib import Path

import pytest

import qa

ROOT = Path(__file__).parent.parent
PACKAGES = ("index", "qa", "eval", "ui")


def test_the_top_level_is_the_owners() -> None:
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    assert {path.partition("/")[0] for path in tracked} <= {
        *("pyproject.toml", "README.md", "tests", *PACKAGES),
        *("LICENSE", "CHANGELOG.md", ".gitignore", ".ci"),
    }


def test_no_module_has_the_name_of_another() -> None:
    installed = set(packages_distributions()) - set(PACKAGES)
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            name = path.parent.name if path.name == "__init__.py" else path.stem
            if name != "__main__":
                assert name not in sys.stdlib_module_names
                assert name not in installed


def test_the_readme_has_the_layout_of_the_tree() -> None:
    layout = (ROOT / "README.md").read_text(encoding="utf-8").partition("## Layout")[2]
    named = set(re.findall(r"`((?:[a-z]+/)+)`", layout))
    folders = {
        f"{path.parent.relative_to(ROOT)}/"
        for package in PACKAGES
        for path in (ROOT / package).rglob("__init__.py")
    }
    assert named == folders | {"qa/models/", "qa/data/", "eval/data/"}


def test_every_folder_of_modules_says_what_is_in_it() -> None:
    for package in PACKAGES:
        for path in (ROOT / package).rglob("__init__.py"):
            assert path.read_text(encoding="utf-8").startswith('"""'), path


def test_no_module_is_too_long_to_read_in_one_sitting() -> None:
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            assert len(path.read_text(encoding="utf-8").splitlines()) <= 410, path


def test_what_is_imported_is_required() -> None:
    required = {
        re.split(r"[<>=!~;\[ ]", line)[0].lower().replace("_", "-")
        for line in requires("article-qa") or ()
    }
    distributions = packages_distributions()
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            for module in re.findall(r"^\s*(?:from|import) (\w+)", path.read_text(), re.MULTILINE):
                if module in distributions and module not in PACKAGES:
                    names = {name.lower().replace("_", "-") for name in distributions[module]}
                    assert names & required, f"{path.name} imports {module}"


@pytest.mark.parametrize("package", PACKAGES)
def test_importing_a_package_does_not_import_models_or_gradio(package: str) -> None:
    heavy = {"torch", "transformers", "sentence_transformers", "faiss", "gradio", "sklearn"}
    code = f"import sys, {package}; print(sorted({heavy!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_help_needs_nothing_heavy() -> None:
    code = (
        "import sys\n"
        "from ui.cli import app\n"
        "try: app(['--help'])\n"
        "except SystemExit: pass\n"
        "print(sorted({'torch', 'numpy', 'transformers', 'gradio'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("[]")


def test_importing_the_door_imports_no_room_until_a_name_is_used() -> None:
    code = (
        "import sys, qa\n"
        "rooms = lambda: {name for name in sys.modules if name.startswith(('qa.', 'index.'))}\n"
        "before = rooms()\n"
        "qa.SettingError\n"
        "print(sorted(before), sorted(rooms()), 'numpy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[] ['index.errors'] False"


def test_the_door_tells_type_checkers_what_it_gives() -> None:
    """Names stand in its list, for type checkers and by module: here is seen that all agree."""
    source = (ROOT / "qa" / "__init__.py").read_text(encoding="utf-8")
    told = {
        alias.name: node.module
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and node.module not in {"importlib", "typing"}
        for alias in node.names
    }
    assert sorted(told) == sorted(qa.__all__)
    for name, module in told.items():
        assert getattr(qa, name) is getattr(importlib.import_module(str(module)), name)
    assert set(qa.__all__) <= set(dir(qa))
    with pytest.raises(AttributeError, match="module 'qa' has no attribute 'Oracle'"):
        _ = qa.Oracle


@pytest.mark.parametrize("package", ["eval", "ui"])
def test_what_the_door_gives_is_taken_from_the_door(package: str) -> None:
    for path in (ROOT / package).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module != "qa":
                names = {alias.name for alias in node.names}
                ours = str(node.module).startswith(("qa.", "index."))
                assert not (ours and names & set(qa.__all__)), f"{path}: {node.module}"


@pytest.mark.models
def test_the_whole_chain_runs_with_the_network_cut() -> None:
    code = """
import sys

def refuse(event, arguments):
    if event in {"socket.connect", "socket.getaddrinfo", "socket.sendto", "socket.gethostbyname"}:
        print("network:", event, arguments)
        raise OSError("the network is cut")

sys.addaudithook(refuse)
from qa import ArticleQA
print(ArticleQA.default().ask("Who leads the Ukrainian delegation?").text)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "Rustem Umerov\n"
    assert done.stderr == ""
