"""The schema files and docs/model.md are what the model makes of itself."""

from __future__ import annotations

import re
import runpy
import sys
import textwrap
from pathlib import Path

import pytest
from ldap3.protocol.rfc4512 import ObjectClassInfo

from feideprov.reference.model import BLOCKS
from feideprov.schema import ObjectClass, schema
from feideprov.schema.files import schema_files
from feideprov.schema.schema import schema_texts

PAGE = Path(__file__).parents[3] / "docs" / "model.md"
FILES = [path for kind in ("openldap", "openldap-config", "389", "ad") for path in schema_files(kind)]


def test_every_schema_file_is_made() -> None:
    assert sorted(schema_texts()) == sorted(path.name for path in FILES)
    assert len(FILES) == 10


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_schema_file_is_what_the_model_makes(path: Path) -> None:
    assert path.read_text(encoding="ascii") == schema_texts()[path.name]


def test_what_a_class_demands_is_written() -> None:
    demanding = ObjectClass(
        name="demanding", oid="2.5.6.6", description="", must=("cn", "sn"), may=("mail",), kind="STRUCTURAL"
    )
    (info,) = ObjectClassInfo.from_definition([schema._object_class(demanding, 4)]).values()  # type: ignore[no-untyped-call]
    assert (info.kind, info.superior) == ("STRUCTURAL", ["top"])
    assert (info.must_contain, info.may_contain) == (["cn", "sn"], ["mail"])


def test_the_module_writes_the_files_into_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("feideprov.schema.schema", tmp_path, monkeypatch)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == schema_texts()


def test_the_page_holds_the_tables_of_the_model() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert all(made() in page for made in BLOCKS.values())


def test_the_program_of_the_page_runs(capsys: pytest.CaptureFixture[str]) -> None:
    program = re.search(r"(?m)^    from .*?(?=^## )", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert program
    exec(compile(textwrap.dedent(program[0]), "model.md", "exec"), {})
    assert capsys.readouterr().out == (
        "['ou', 'norEduOrgUnitUniqueIdentifier', 'mail']\nfødselsnummer eller D-nummer\n"
    )


def run(module: str, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As `python -m` does."""
    monkeypatch.setattr(sys, "argv", [module, str(target)])
    monkeypatch.delitem(sys.modules, module)
    runpy.run_module(module, run_name="__main__")
