"""The public names: all there, all documented, and light to import."""

from __future__ import annotations

import ast
import importlib
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import feideprov
import feideprov.nir
import feideprov.testing
from feideprov import errors

PACKAGES = (feideprov, feideprov.nir)
NAMES = [(package, name) for package in PACKAGES for name in package.__all__]


def listed(package):
    """The names of the stub, which the type checker and the program read."""
    stub = ast.parse(Path(package.__file__).with_name("__init__.pyi").read_text(encoding="utf-8"))
    return [(alias, node) for node in stub.body if isinstance(node, ast.ImportFrom) for alias in node.names]


@pytest.mark.parametrize("package", PACKAGES)
def test_all_is_what_can_be_imported(package):
    for alias, node in listed(package):
        module = importlib.import_module(f"{package.__name__}.{node.module}")
        assert getattr(package, alias.name) is getattr(module, alias.name)


@pytest.mark.parametrize("package", PACKAGES)
def test_each_name_is_listed_once_and_seen_by_the_type_checker(package):
    names = [alias.name for alias, _ in listed(package)]
    assert sorted(names) == sorted(package.__all__)
    assert len(set(names)) == len(names)
    assert all(alias.asname == alias.name for alias, _ in listed(package)), "without “as” the name is not exported"


def test_another_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="nothing"):
        feideprov.nothing  # noqa: B018


@pytest.mark.parametrize(("package", "name"), NAMES)
def test_every_public_name_says_what_it_is(package, name):
    public = getattr(package, name)
    written = public.__doc__  # its own: inspect.getdoc would take a parent's
    assert written
    assert not written.startswith(f"{name}("), "a dataclass without a docstring gets its signature"


@pytest.mark.parametrize("name", feideprov.testing.__all__)
def test_every_name_for_tests_of_others_says_what_it_is(name):
    assert inspect.getdoc(getattr(feideprov.testing, name))


@pytest.mark.parametrize(
    ("statement", "heavy"),
    [
        ("import feideprov", ["ldap3", "sqlalchemy", "typer", "pydantic"]),
        ("import feideprov.nir", ["ldap3", "sqlalchemy", "typer", "pydantic", "jinja2"]),
        ("from feideprov.nir import Rules, verdicts", ["ldap3", "sqlalchemy", "typer", "jinja2"]),
        ("from feideprov import judge_number", ["ldap3", "sqlalchemy", "typer"]),
        ("from feideprov import FeideProvError, Refused", ["ldap3", "sqlalchemy", "typer", "pydantic"]),
        ("import feideprov.testing", ["hypothesis", "typer"]),
    ],
)
def test_an_import_loads_nothing_heavy(statement, heavy, tmp_path):
    script = f"import sys; {statement}; print(*[n for n in {heavy} if n in sys.modules], file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, input="", cwd=tmp_path
    )
    assert done.stderr.split() == []


def test_every_expected_failure_has_one_root():
    failures = [cls for _, cls in inspect.getmembers(errors, inspect.isclass) if issubclass(cls, Exception)]
    assert set(failures) - {errors.FeideProvError} == set(errors.FeideProvError.__subclasses__()) & set(failures)
    drawn = errors.__doc__ or ""
    for failure in failures:
        assert failure.__name__ in drawn
        assert failure.__name__ in feideprov.__all__
        assert failure.__doc__


@pytest.mark.parametrize(
    ("name", "code"),
    [("ConfigurationError", 2), ("InputError", 2), ("JournalError", 3), ("DirectoryError", 3), ("Refused", 1)],
)
def test_every_failure_has_its_exit_code(name, code):
    assert getattr(feideprov, name).exit_code == code


def test_a_directory_error_in_the_set_up_is_found_before_anything_is_written():
    assert feideprov.DirectoryError("x", code=49, before_writing=True).exit_code == 2
    assert feideprov.DirectoryError("x", code=49).code == 49
