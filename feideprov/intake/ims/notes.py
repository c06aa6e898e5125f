"""What is said of a file as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from feideprov.intake.file_facts import Extent, FileFacts, Format, UnknownSchool
from feideprov.intake.ims.belonging import LeftOut
from feideprov.intake.ims.model import Enterprise
from feideprov.intake.reading import Reading
from feideprov.messages import Sentence, listed
from feideprov.text import shown

REASONS: Final = {
    LeftOut.DELETED: Sentence("deleted in the file"),
    LeftOut.OTHER_SCHOOL: Sentence("at schools that are not in the configuration"),
    LeftOut.EXTERNAL: Sentence("external"),
    LeftOut.INACTIVE: Sentence("inactive"),
    LeftOut.AFTER_SCHOOL: Sentence("in after-school care (SFO)"),
    LeftOut.KINDERGARTEN: Sentence("in kindergarten"),
    LeftOut.GUARDIAN: Sentence("guardians"),
    LeftOut.NO_SCHOOL: Sentence("without a role at a school"),
}
"""Why people become no users, in words."""
_MOST_SCHOOLS: Final = 10


@dataclass(frozen=True)
class Told:
    """What the notes are about: the file's name, its content, and what was made of it."""

    file: str
    enterprise: Enterprise
    facts: FileFacts
    reading: Reading
    unusable_groups: int
    numbers_as_ids: int
    dangling: int
    by_id_alone: int
    """How many people and groups are named with another source than their own."""


def notes_of(told: Told) -> Iterator[Sentence]:
    """The notes, in the order in which they matter."""
    yield from _about_file(told)
    yield from _about_people(told)
    yield from _about_ids(told)


def _about_file(told: Told) -> Iterator[Sentence]:
    file, enterprise, facts = told.file, told.enterprise, told.facts
    if not enterprise.lines:
        yield Sentence("{file} has no person. Nobody has left for that reason.", file=file)
    yield from _about_source(file, facts, told.reading)
    if facts.format is Format.IMS:
        yield Sentence(
            "{file} is IMS Enterprise, not PIFU. Some systems leave out people without a number in such files. "
            "Check that these people are in it.",
            file=file,
        )
    if enterprise.properties.type and facts.extent is None:
        yield Sentence(
            "{file} has the type “{type}”, which is none of full, delta and event. It is read, and nobody is closed "
            "for it.",
            file=file,
            type=shown(enterprise.properties.type, 40),
        )


def _about_people(told: Told) -> Iterator[Sentence]:
    file, facts = told.file, told.facts
    if facts.unknown_schools:
        yield Sentence(
            "These schools of {file} are not in the configuration, and their people are left out: {schools}. Add each "
            "school that has users to [[schools]], with its organization number.",
            file=file,
            schools=listed(map(_school, facts.unknown_schools), most=_MOST_SCHOOLS),
        )
    if facts.left_out:
        reasons = [
            Sentence("{reason} ({people})", people=facts.left_out[reason], reason=words)
            for reason, words in REASONS.items()
            if reason in facts.left_out
        ]
        yield Sentence(
            "{count} person of {file} becomes no user: {reasons}.",
            plural="{count} people of {file} become no users: {reasons}.",
            count=sum(facts.left_out.values()),
            file=file,
            reasons=listed(reasons),
        )
    if facts.extent is not None and facts.extent.is_part and (alone := facts.left_out.get(LeftOut.NO_SCHOOL)):
        yield Sentence(
            "{file} has only what changed, and {count} person in it without a role at a school. What changed for this "
            "person is not used: apply the next full file.",
            plural="{file} has only what changed, and {count} people in it without a role at a school. What changed "
            "for these people is not used: apply the next full file.",
            file=file,
            count=alone,
        )
    if facts.extent is Extent.FULL and LeftOut.DELETED in facts.left_out:
        yield Sentence(
            "{file} says that it is full, and has people that are marked as deleted. They are left out, and nobody is "
            "closed for that. Ask the supplier of the system which of the two is right.",
            file=file,
        )


def _about_ids(told: Told) -> Iterator[Sentence]:
    file, dangling = told.file, told.dangling
    if dangling:
        yield Sentence(
            "{count} membership is of a person or a group that is not in {file}. It is not used.",
            plural="{count} memberships are of people or groups that are not in {file}. They are not used.",
            count=dangling,
            file=file,
        )
    if told.by_id_alone:
        yield Sentence(
            "{count} person or group of {file} is named with another source in memberships or groups than in its own "
            "element. It was found by the id alone.",
            plural="{count} people and groups of {file} are named with another source in memberships or groups than in "
            "their own elements. They were found by the id alone.",
            count=told.by_id_alone,
            file=file,
        )
    if told.unusable_groups:
        yield Sentence(
            "{count} group has no name or id that can be used: a number or damaged letters are in it. It is not "
            "written, and its members keep the groups of before.",
            plural="{count} groups have no name or id that can be used: a number or damaged letters are in them. They "
            "are not written, and their members keep the groups of before.",
            count=told.unusable_groups,
        )
    if told.numbers_as_ids:
        yield Sentence(
            "{count} id of {file} is an identity number. In its place, a source id was made with the key of the "
            "journal. If the file has another id, name it with key in [[sources]].",
            plural="{count} ids of {file} are identity numbers. In their place, source ids were made with the key of "
            "the journal. If the file has another id, name it with key in [[sources]].",
            count=told.numbers_as_ids,
            file=file,
        )


def _about_source(file: str, facts: FileFacts, reading: Reading) -> Iterator[Sentence]:
    if not reading.sources or facts.source is not None:
        return
    yield Sentence(
        "{file} says that it comes from “{datasource}”, which is the datasource of no source in the configuration. If "
        "you know the system, write datasource in its [[sources]], or name it with --source.",
        file=file,
        datasource=shown(facts.datasource, 100),
    )


def _school(school: UnknownSchool) -> Sentence:
    return Sentence(
        "{name} ({number}, {count} person)",
        plural="{name} ({number}, {count} people)",
        name=school.name,
        number=school.number or Sentence("no organization number"),
        count=school.people,
    )
