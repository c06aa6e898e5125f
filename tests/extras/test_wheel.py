"""What an installation has: the wheel is built, from the repository and from its own sdist, and looked into."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from os.path import normpath
from pathlib import Path, PurePosixPath

import pytest
from hatchling import build
from markdown_page import LINK, headings

ROOT = Path(__file__).parents[2]
PAGES = sorted(path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md"))


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


def test_pages_and_pictures_do_not_make_the_wheel_large(wheel: zipfile.ZipFile) -> None:
    pages = [one.compress_size for one in wheel.infolist() if one.filename.startswith("feideprov/docs/")]
    assert sum(pages) < 1_500_000, "octets"


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
        assert not anchor or anchor in headings(text), f"{target}#{anchor}"


@pytest.mark.parametrize("name", PAGES)
def test_every_link_of_a_page_leads_to_a_page_of_the_wheel(wheel: zipfile.ZipFile, name: str) -> None:
    page = PurePosixPath("feideprov/docs") / name
    for target, anchor in LINK.findall(wheel.read(str(page)).decode()):
        if target.startswith(("https:", "http:", "mailto:")):
            continue
        path = normpath(page.parent / target) if target else str(page)
        content = wheel.read(path)  # KeyError: not in the wheel
        assert not anchor or anchor in headings(content.decode()), f"{target}#{anchor}"


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
