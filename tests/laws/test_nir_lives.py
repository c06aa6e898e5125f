"""10,000 made courses of life: laws, verdicts, channels, time limits and roles are those of an independent oracle."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import nir_oracle
import pytest
from nir_lives import LAWS, Lives, Plain, Stage
from nir_oracle import Oracle
from size import size

from feideprov.nir.channels import channel
from feideprov.nir.laws import law, law_row
from feideprov.nir.model import Law, Record
from feideprov.nir.requirements import verdicts
from feideprov.nir.roles import refused_for_role, role_for
from feideprov.nir.table.rules import SHIPPED, Rules
from feideprov.nir.training import training_limit

BLOCK = 500
ROLES = ("kommunenorskbruker", "kommuneintrobruker")
OWN = """
[[law]]
id = "K-2026"
law = "integreringsloven"
basis = "34"
permit_from = 2022-03-11
from = 2026-07-01
source = "a letter from IMDi"
source_date = 2026-09-01
seen_by = "Kari"
seen_on = 2026-11-01

[[law]]
id = "K-2003"
law = "introduksjonsloven"
permit_until = 2021-01-01
arrived_from = 2021-01-01
arrived_until = 2021-02-01
source = "a letter from IMDi"
source_date = 2021-09-01
seen_by = "Kari"
seen_on = 2026-11-01

[[law]]
id = "K-2021"
law = "not_known"
permit_from = 2021-06-01
permit_until = 2021-09-01
source = "a letter from IMDi"
source_date = 2021-09-01
seen_by = "Kari"
seen_on = 2026-11-01

[[rule]]
id = "N20-norskmaal"
scheme = "norsk_og_samfunnskunnskap"
law = "integreringsloven"
field = "norskmaal"
effect = "forbidden"
from = 2022-02-28
until = 2024-02-29
confidence = "indirect"
source = "a letter from IMDi"
source_date = 2022-03-01
seen_by = "Kari"
seen_on = 2026-11-01

[[rule]]
id = "K-klage"
scheme = "*"
law = "kap6a"
field = "klage"
effect = "required"
from = 2022-08-31
until = 2025-12-31
deadline = "P1M"
source = "a letter from IMDi"
source_date = 2022-03-01
seen_by = "Kari"
seen_on = 2026-11-01

[[rule]]
id = "K-fulltid"
scheme = "norsk_og_samfunnskunnskap"
law = "kap6a"
field = "fulltid_vgo"
effect = "forbidden"
when = "fulltid_vgo"
from = 2022-10-01
until = 2024-05-01
dated_by = "fact"
source = "a letter from IMDi"
source_date = 2022-03-01
seen_by = "Kari"
seen_on = 2026-11-01

[[availability]]
law = "integreringsloven"
fields = ["timer"]
not_before = 2022-06-30
known_by = 2022-08-31
source = "a letter from IMDi"
"""
"""What a municipality may have written: laws, one of them not known, a rule that is replaced, and rules of its own."""


@pytest.fixture(scope="module", params=["shipped", "with own rows"])
def tables(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Oracle, Rules]:
    text = SHIPPED.read_text(encoding="utf-8")
    if request.param == "shipped":
        return Oracle(text), Rules.shipped()
    path = tmp_path_factory.mktemp("own") / "own.toml"
    path.write_text(OWN, encoding="utf-8")
    return Oracle(text, OWN), Rules.shipped().with_own(path)


@pytest.mark.parametrize("block", range(size(1, 20)))
def test_every_course_of_life_is_judged_as_the_oracle_judges_it(tables: tuple[Oracle, Rules], block: int) -> None:
    """Block by block, so that a full run can use all processors. A life with own rows is another life."""
    oracle, rules = tables
    lives = Lives(oracle)
    courses = size(BLOCK // 2, BLOCK)
    different = [
        f"life {seed} on {stage.on}: {difference}"
        for seed in range(block * BLOCK, block * BLOCK + courses)
        for stage in lives.life(seed)
        for difference in differences(oracle, rules, stage)
    ]
    assert not different, "\n".join(different[:20])


def differences(oracle: Oracle, rules: Rules, stage: Stage) -> Iterator[str]:
    """What the oracle and the package say, where it is not the same."""
    for what, expected, found in comparisons(oracle, rules, stage):
        if expected != found:
            yield f"{what}: the oracle says {expected}, feideprov {found}"


def comparisons(oracle: Oracle, rules: Rules, stage: Stage) -> Iterator[tuple[str, object, object]]:
    plain, record, on = stage.plain, stage.record, stage.on
    for scheme in (plain["scheme"], None):
        row = law_row(record.person, on, rules, scheme=scheme)
        found = str(law(record.person, on, rules, scheme=scheme)), row.id if row else ""
        yield f"law in {scheme}", oracle.law(plain["person"], on, scheme), found
    yield "verdicts", oracle.verdicts(plain, on), judged(record, rules, on)
    for name in LAWS:
        limit = training_limit(record, Law(name), rules)
        yield f"time limit under {name}", oracle.training(plain, name), limit and limit.about
    yield from channels(oracle, rules, stage, oracle.law(plain["person"], on, plain["scheme"])[0])
    role = oracle.role(plain["scheme"])
    allowed = [not refused_for_role(record, roles, rules) for roles in ((), *zip(ROLES), ROLES)]
    yield "role", role, role_for(record.scheme, rules)
    yield "who may", [role in roles for roles in ((), *zip(ROLES), ROLES)], allowed


def channels(oracle: Oracle, rules: Rules, stage: Stage, name: str) -> Iterator[tuple[str, object, object]]:
    """For fields of the person under their law, in their scheme and in none; and for anybody, under any law."""
    person, scheme = stage.plain["person"], stage.plain["scheme"]
    for number, field in enumerate(stage.fields):
        for which, plainly, given in (
            (
                name,
                {"person": person, "scheme": scheme},
                {"person": stage.record.person, "scheme": stage.record.scheme},
            ),
            (name, {"person": person}, {"person": stage.record.person}),
            (LAWS[(number + stage.on.day) % 3], {}, {}),
        ):
            decision = channel(stage.setting, Law(which), field, stage.on, rules, **given)
            expected = oracle.channel(stage.plain_setting, which, field, stage.on, **plainly)
            yield f"channel for {field} under {which}", expected, (decision.id, str(decision.channel))


def judged(record: Record, rules: Rules, on: object) -> list[tuple[object, ...]]:
    """The verdicts, as the oracle writes them."""
    return [
        (one.rule, str(one.kind), one.field, one.due, one.state and str(one.state), str(one.law), one.law_row)
        for one in verdicts(record, rules, on)
    ]


def test_the_lives_meet_every_row_that_can_give_a_verdict() -> None:
    oracle = Oracle(SHIPPED.read_text(encoding="utf-8"))
    lives, met, laws = Lives(oracle), set(), set()
    for seed in range(BLOCK):
        for stage in lives.life(seed):
            met.update(verdict[0] for verdict in oracle.verdicts(stage.plain, stage.on))
            laws.add(oracle.law(stage.plain["person"], stage.on, stage.plain["scheme"])[1])
    speaking = {row["id"] for row in oracle.table["rule"] if row["effect"] != "allowed"}
    special = {"B-SETTLED", "B-SEARCH-OUT", "MO-PERMIT", "NO-RULE", "L-PERMIT", "L-ARRIVED", "L-6A-end", "L-6A"}
    extended = {"EXTENDED-LENGTH", "EXTENDED-COUNT", "EXTENDED-WINDOW"}
    assert met >= speaking | special | extended
    assert laws == {row["id"] for row in oracle.table["law"]} | {""}


def test_the_oracle_imports_nothing_of_this_package() -> None:
    tree = ast.parse(Path(nir_oracle.__file__).read_text(encoding="utf-8"))
    imported: set[str | None] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imported.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            imported.add(node.module)
    assert imported == {"tomllib", "datetime"}
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert not names & {"__import__", "__builtins__", "__loader__", "exec", "eval", "compile", "globals", "open"}


def test_the_same_seed_gives_the_same_life() -> None:
    lives = Lives(Oracle(SHIPPED.read_text(encoding="utf-8")))
    once, again = ([_said(stage) for stage in lives.life(7)] for _ in range(2))
    assert once == again


def _said(stage: Stage) -> tuple[object, Plain, Plain]:
    return stage.on, stage.plain, stage.plain_setting
