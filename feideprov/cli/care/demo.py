"""The command demo: the whole story on synthetic data, step by step.

Twelve people come without a number, or with one that may not be used. They get Feide users, and the numbers arrive;
months later, it is told what must be registered in NIR (`nir_chapter`). The directory is a *test* directory: its
numbers are Tenor numbers, published by Skatteetaten and by test projects, which nobody has.
"""

from __future__ import annotations

import contextlib
import shlex
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from feideprov.cli.call import Tone
from feideprov.cli.care.nir_chapter import nir_chapter
from feideprov.cli.report import Report, warn
from feideprov.cli.screen import say
from feideprov.cli.session import Json, Session
from feideprov.client.client import Client
from feideprov.directory import ldif
from feideprov.directory.entry import Add
from feideprov.directory.protocol import NAME_ATTRIBUTE, NUMBER_ATTRIBUTE, holds_numbers
from feideprov.errors import InputError, scrub_path
from feideprov.files import make_folder, replace
from feideprov.issues import Refusal
from feideprov.journal.events import Kind, State
from feideprov.messages import Sentence, joined
from feideprov.provision.plan.changes import Change, Create
from feideprov.provision.plan.plan import Outcome
from feideprov.settings import Settings
from feideprov.system_errors import reason_of
from feideprov.tables.day import moment_in_norway

_DONE: Final = {Kind.CREATE: Sentence("create"), Kind.ATTACH: Sentence("attach"), State.DONE: Sentence("done")}
"""Words of the journal that the story shows."""
STORY = files("feideprov.cli.care").joinpath("story")
"""The files of the story: people, numbers, base entries, and a configuration with a gap for the directory."""


def demo(
    context: typer.Context,
    folder: Annotated[
        Path | None, typer.Option("--dir", metavar="DIR", help="Use this folder (empty or new), and keep it.")
    ] = None,
    server: Annotated[bool, typer.Option("--server", help="Use a private OpenLDAP, and log in at the end.")] = False,
    as_json: Json = False,
) -> None:
    """Show the whole story on synthetic data. The directory is an LDIF file or, with --server, a private OpenLDAP."""
    session: Session = context.obj
    with contextlib.ExitStack() as stack:
        if folder is None:
            folder = stack.enter_context(_temporary_folder())
        else:
            _claim(folder)
        story = Story(session, folder, quiet=as_json)
        story.tell(stack.enter_context(_server(folder) if server else _file(folder)))
    code = 0 if not story.surprises else 1
    for surprise in story.surprises:
        warn([Sentence("The demonstration went wrong: {surprise}", surprise=surprise)], Tone.STOPS)
    Report("demo", session, story.counts).show(as_json=as_json, code=code)


@contextlib.contextmanager
def _temporary_folder() -> Iterator[Path]:
    try:
        folder = tempfile.TemporaryDirectory(prefix="feideprov-demo-")
    except OSError as error:
        shown = Sentence("The folder for temporary files")
        raise InputError(
            Sentence("{folder} cannot be used: {reason}.", folder=shown, reason=reason_of(error))
        ) from None
    with folder:
        yield Path(folder.name)


def _claim(folder: Path) -> None:
    try:
        make_folder(folder)
    except OSError as error:
        raise _unusable(folder, error) from None
    if any(folder.iterdir()):
        raise InputError(Sentence("{folder} is not empty. Give an empty or a new folder.", folder=scrub_path(folder)))


def _write(path: Path, content: bytes) -> None:
    try:
        replace(path, content)
    except OSError as error:
        raise _unusable(path, error) from None


def _unusable(path: Path, error: OSError) -> InputError:
    return InputError(Sentence("{folder} cannot be used: {reason}.", folder=scrub_path(path), reason=reason_of(error)))


def configuration(directory: str) -> str:
    """The story's configuration, with these lines about the directory and without the section `[nir]`."""
    return STORY.joinpath("feideprov.toml").read_text(encoding="utf-8").format(directory=directory)


def _configure(path: Path, directory: str) -> None:
    _write(path, configuration(directory).encode() + STORY.joinpath("nir.toml").read_bytes())


@contextlib.contextmanager
def _file(folder: Path) -> Iterator[Client]:
    _write(folder / "catalogue.ldif", STORY.joinpath("base.ldif").read_bytes())
    _configure(folder / "feideprov.toml", 'url = "ldif:catalogue.ldif"')
    with _client(folder / "feideprov.toml") as feide:
        yield feide


def _client(path: Path) -> Client:
    """By the file alone: an administrator's environment may name the directory of the municipality."""
    return Client(Settings.load(path, environment=False), actor="demo")


@contextlib.contextmanager
def _server(folder: Path) -> Iterator[Client]:
    from feideprov.testing.slapd import PrivateSlapd

    with PrivateSlapd(suffix="dc=skotthyll,dc=no") as slapd:
        _write(folder / "bind-password", slapd.service_password.encode())
        directory = (
            f'url = "{slapd.ldaps}"\nca_file = "{slapd.ca_file}"\nbind_dn = "{slapd.service_dn}"\n'
            'password_file = "bind-password"'
        )
        path = folder / "feideprov.toml"
        _configure(path, directory)
        with _client(path) as feide:
            entries = [record.entry for record in ldif.records(STORY.joinpath("base.ldif").read_bytes())]
            missing = [Add(entry) for entry in entries if entry and feide.directory.read(entry.dn) is None]
            for written in feide.directory.write(missing):
                if written.error:
                    raise written.error
            yield feide


def _ldif_line(name: str, value: bytes) -> str:
    """One line of LDIF, with what base64 hides; a number is not shown, not even one that nobody has."""
    if holds_numbers(name):
        return Sentence("{attribute}: <Tenor number>", attribute=name)
    line = "".join(part.removeprefix(" ") if i else part for i, part in enumerate(ldif.folded(name, value)))
    return line if not line.startswith(f"{name}::") else f"{line}  ({value.decode()})"


@dataclass
class Story:
    """Shows each step, and checks that the outcome is as expected."""

    session: Session
    folder: Path
    quiet: bool
    counts: dict[str, int] = field(default_factory=dict)
    surprises: list[str] = field(default_factory=list)
    passwords: dict[str, str] = field(default_factory=dict, repr=False)

    def tell(self, feide: Client) -> None:
        """All of it."""
        people, numbers, records = (self.folder / f"{name}.csv" for name in ("refugees", "numbers", "nir-records"))
        for file in (people, numbers, records):
            _write(file, STORY.joinpath(file.name).read_bytes())
        self._arrive(feide, people)
        self._again(feide, people)
        self._protected(feide, people)
        self._wait(feide, expected=10)
        self._numbers_come(feide, numbers)
        self._wait(feide, expected=6)
        self._result(feide)
        self._check(feide)
        nir_chapter(self, feide, records)
        if not feide.settings.directory.url.startswith("ldif:"):
            self._log_in(feide)
        elif self.folder.name.startswith("feideprov-demo-"):
            self.say(Sentence("   To keep the files and look at them: feideprov demo --dir DIR"))
        else:
            self.say(
                Sentence(
                    "   The files are in {folder}. To go on by hand, run: feideprov --config {config} today",
                    folder=scrub_path(self.folder),
                    config=shlex.quote(scrub_path(self.folder / "feideprov.toml")),
                )
            )

    def _arrive(self, feide: Client, people: Path) -> None:
        self.say(
            Sentence(
                "1. Twelve people have come to {name}. The school office has a list of them.",
                name=feide.organization.name,
            )
        )
        self.say(
            Sentence(
                "   Some have no number, some have an invented number, and one has a DUF number. This is the plan:"
            )
        )
        plan = feide.plan(people)
        self.changes(plan.changes)
        self.say(Sentence("   What is not written, and why:"))
        self.refusals(plan.refusals)
        self.say(Sentence("2. The plan is applied. A person whose number is refused gets a user without a number."))
        outcome = feide.apply(plan)
        self._remember_passwords(outcome)
        self.say(
            Sentence(
                "   {count} user was created. The first password is in {file}.",
                plural="   {count} users were created. Their first passwords are in {file}.",
                count=len(outcome.changes),
                file=feide.settings.journal.handover,
            )
        )
        self.expect(Sentence("users created"), outcome.counts["created"], 11)
        self.expect(Sentence("numbers refused"), outcome.counts["refused"], 3)
        self.expect(Sentence("people held"), outcome.counts["held"], 1)
        self.counts["created"] = outcome.counts["created"]
        self.counts["refused"] = outcome.counts["refused"]

    def _again(self, feide: Client, people: Path) -> None:
        self.say(Sentence("3. The same list again, as a nightly job would do: nothing is changed."))
        outcome = feide.apply(feide.plan(people))
        self.expect(Sentence("changes the second time"), len(outcome.changes), 0)

    def _protected(self, feide: Client, people: Path) -> None:
        self.say(
            Sentence(
                "4. The user of the protected person is created separately, and the user name does not show who it "
                "is. The command is: feideprov apply refugees.csv --only ref-12"
            )
        )
        outcome = feide.apply(feide.plan(people, only="ref-12"))
        self.changes(outcome.changes)
        self._remember_passwords(outcome)
        self.expect(Sentence("protected users created"), outcome.counts["created"], 1)
        self.counts["created"] += outcome.counts["created"]

    def _wait(self, feide: Client, *, expected: int) -> None:
        waiting = feide.pending()
        self.say(
            Sentence(
                "   {count} of the 12 has no number now: {users}.",
                plural="   {count} of the 12 have no number now: {users}.",
                count=len(waiting),
                users=joined((u.user.partition("@")[0] for u in waiting), ", "),
            )
        )
        self.expect(Sentence("users without a number"), len(waiting), expected)

    def _numbers_come(self, feide: Client, numbers: Path) -> None:
        self.say(
            Sentence(
                "5. Weeks later D-numbers arrive, some with a letter as evidence. One number in the list is invented."
            )
        )
        outcome = feide.apply(feide.numbers.plan_attach(numbers))
        self.changes(outcome.changes)
        self.refusals(outcome.refusals)
        self.expect(Sentence("numbers attached"), outcome.attach_counts["attached"], 4)
        self.expect(Sentence("numbers refused"), outcome.counts["refused"], 1)
        self.expect(Sentence("numbers held"), outcome.counts["held"], 1)
        self.counts["attached"] = outcome.attach_counts["attached"]
        self.counts["held"] = outcome.counts["held"]

    def _result(self, feide: Client) -> None:
        self.say(
            Sentence("6. One of the users now, as LDIF. Same user, same name, same password; only the number is new:")
        )
        entry = next(feide.directory.matching("employeeNumber", ["ref-01"], ["*"]))
        self.expect(Sentence("number of the first user"), len(entry.values(NUMBER_ATTRIBUTE)), 1)
        self.say(f"     dn: {entry.dn}")
        for name, values in entry.items():
            for value in values if name != "userPassword" else ():
                self.say(Sentence("     {line}", line=_ldif_line(name, value)))
        for event in feide.users.history((entry.text(NAME_ATTRIBUTE) or "").lower()):
            done = Sentence(
                "{at} {kind}: {outcome}, by {by}",
                at=moment_in_norway(event.at),
                kind=_DONE.get(event.kind, event.kind),
                outcome=_DONE.get(event.state, event.state.value),
                by=event.by,
            )
            if event.evidence_text:
                done = Sentence("{done}; evidence: {evidence}", done=done, evidence=event.evidence_text)
            self.say(Sentence("   journal: {done}", done=done))

    def _check(self, feide: Client) -> None:
        findings = feide.check()
        unexpected = [finding for finding in findings if not finding.expected]
        self.say(
            Sentence(
                "   A check of the directory, also by the rules of Feide's own validator: {unexpected} unexpected "
                "findings, {expected} known and accepted findings, such as numbers that have not arrived.",
                unexpected=len(unexpected),
                expected=len(findings) - len(unexpected),
            )
        )
        for finding in unexpected:
            where, said = finding.user or str(finding.dn), finding.sentence
            self.say(Sentence("     {where}: {said} [{code}]", where=where, said=said, code=finding.code))
        self.expect(Sentence("unexpected findings"), len(unexpected), 0)

    def _log_in(self, feide: Client) -> None:
        self.say(Sentence("8. A login as Feide does it: search by eduPersonPrincipalName, then bind as the user."))
        name = next(iter(self.passwords))
        found = list(feide.directory.matching(NAME_ATTRIBUTE, [name], ["uid"]))
        self.expect(Sentence("entries found by Feide name"), len(found), 1)
        accepted = bool(found) and feide.directory.accepts_login(found[0].dn, self.passwords[name])
        if accepted:
            self.say(Sentence("   {user}: logged in with the first password.", user=name))
        else:
            self.say(Sentence("   {user}: the login was refused.", user=name))
        self.expect(Sentence("logins"), int(accepted), 1)
        wrong = bool(found) and feide.directory.accepts_login(found[0].dn, "not-the-password")
        self.expect(Sentence("logins with a wrong password"), int(wrong), 0)

    def _remember_passwords(self, outcome: Outcome) -> None:
        for change in outcome.changes:
            if isinstance(change, Create) and change.initial_password:
                self.passwords[change.feide_name] = change.initial_password.reveal()

    def say(self, text: str) -> None:
        if not self.quiet:
            say(self.session.text(text))

    def changes(self, changes: tuple[Change, ...]) -> None:
        for change in changes:
            self.say(Sentence("     {line}", line=change.sentence))

    def refusals(self, refusals: tuple[Refusal, ...]) -> None:
        for refusal in refusals:
            self.say(
                Sentence(
                    "     {row}: {word}: {sentence} [{code}]",
                    row=refusal.origin.place if refusal.origin else "-",
                    word=Sentence("held") if refusal.held else Sentence("refused"),
                    sentence=refusal.sentence,
                    code=refusal.code,
                )
            )

    def expect(self, what: str, got: Any, wanted: Any) -> None:
        if got != wanted:
            self.surprises.append(Sentence("{what}: {got}, not {wanted}.", what=what, got=got, wanted=wanted))
