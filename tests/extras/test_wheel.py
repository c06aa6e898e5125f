"""What an installation has: the wheel is built, from the repository and from its own sdist, and looked into."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path, PurePosixPath

import pytest
from hatchling import build

ROOT = Path(__file__).parents[2]
PAGES = sorted(path.name for path in (ROOT / "docs").glob("*.md"))
LINK = re.compile(r"\]\(([^)#\s]*)(?:#([^)\s]+))?\)")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        return zipfile.ZipFile(folder / build.build_wheel(str(folder)))


def test_the_wheel_has_every_page_below_the_package(wheel: zipfile.ZipFile) -> None:
    for name in PAGES:
        assert wheel.read(f"feideprov/docs/{name}") == (ROOT / "docs" / name).read_bytes()
    assert not [name for name in wheel.namelist() if name.startswith(("docs/", "tests/"))]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What an unpacked archive of the source has."""
    folder = tmp_path_factory.mktemp("source")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        name = build.build_sdist(str(folder))
    with tarfile.open(folder / name) as sdist:
        sdist.extractall(folder, filter="data")
    return folder / name.removesuffix(".tar.gz")


def test_the_sdist_makes_the_same_wheel(
    wheel: zipfile.ZipFile, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(source)
    again = zipfile.ZipFile(tmp_path / build.build_wheel(str(tmp_path)))
    assert sorted(again.namelist()) == sorted(wheel.namelist())
    assert "feideprov/docs/doctor.md" in again.namelist()


def test_every_link_of_the_readme_leads_to_a_file_of_the_sdist(source: Path) -> None:
    links = LINK.findall((source / "README.md").read_text(encoding="utf-8"))
    assert ("docs/commands.md", "installation") in links
    for target, anchor in links:
        text = (source / target).read_text(encoding="utf-8")
        assert not anchor or anchor in anchors(text), f"{target}#{anchor}"


@pytest.mark.parametrize("name", PAGES)
def test_every_link_of_a_page_leads_to_a_page_of_the_wheel(wheel: zipfile.ZipFile, name: str) -> None:
    folder = PurePosixPath("feideprov/docs")
    for target, anchor in LINK.findall(wheel.read(str(folder / name)).decode()):
        if target.startswith(("https:", "http:", "mailto:")):
            continue
        content = wheel.read(str(folder / (target or name)))  # KeyError: not in the wheel
        assert not anchor or anchor in anchors(content.decode()), f"{target}#{anchor}"


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings, as GitHub and mkdocs make them; a second one of a name has a number."""
    found: set[str] = set()
    for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE):
        plain = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        found |= {plain, *(f"{plain}{sign}{number}" for sign in "-_" for number in (1, 2) if plain in found)}
    return found


def test_an_installation_names_its_own_pages(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    wheel.extractall(tmp_path)
    program = "from feideprov.installation import page; print(page('doctor.md'))"
    said = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={"PYTHONPATH": "."},
        capture_output=True,
        text=True,
        check=True,
    )
    path = Path(said.stdout.strip())
    assert path == tmp_path / "feideprov" / "docs" / "doctor.md"
    assert path.is_file()
