"""Two examples for each command. They are read only when a page of help is shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

_USER: Final = "olenkova@skotthyll.kommune.no"


class Example(NamedTuple):
    """A command line, and what it is for."""

    line: str
    """What is typed after `feideprov`."""
    meaning: str


EXAMPLES: Final = (
    Example("today", "See what there is to do, each with the next command."),
    Example("today --mail feide@skotthyll.kommune.no", "Get it by mail, from a scheduled job (cron)."),
    Example("pending", "See everybody without a number."),
    Example("pending --school hylla --query-sheet numbers.xlsx", "Save a sheet for one school, to fill in numbers."),
    Example(f"history {_USER}", "See everything that was done to a user."),
    Example(f"history {_USER} --csv history.csv", "Save it as a table for a spreadsheet."),
    Example(f"password {_USER}", "See whether the user can get a new first password. Nothing is written."),
    Example(f"password {_USER} --yes", "Make the new first password."),
    Example("slips slips.pdf --school hylla", "Print the slips of a school, four to a page."),
    Example("slips --done --school hylla --yes", "Note that they were handed out, and erase these passwords."),
    Example("plan refugees.xlsx", "See which users would be created and updated."),
    Example("plan refugees.xlsx --output plan.json", "Save the plan, so that somebody can carry it out later."),
    Example("apply refugees.xlsx", "See what would be done. Nothing is written."),
    Example("apply refugees.xlsx --yes", "Create and update the users."),
    Example(f"resolve {_USER} --same-as ref-07 --yes", "The user is the person with the source id ref-07."),
    Example("resolve questions.xlsx --yes", "Take the answers from a sheet of questions."),
    Example("protect ref-08 --yes", "Mark a person who is in no list yet."),
    Example("protect ref-08 --undo --yes", "Remove the mark again."),
    Example("read refugees.xlsx", "See how the columns and rows of a list are understood."),
    Example("read numbers.csv --as numbers", "Say yourself what the list is about."),
    Example("sheet people people.xlsx", "Write a sheet for people."),
    Example("sheet numbers numbers.xlsx --lang nn", "Write a sheet for numbers, in nynorsk."),
    Example("services list", "See all services that get the number."),
    Example("services list --state unknown", "See the services that nobody has asked about yet."),
    Example("services matrix", "See which users have problems with which services."),
    Example("services matrix --html situation.html", "Save a web page about the whole situation."),
    Example("services import services.json", "Import a list of services from Feide."),
    Example("services import services.xlsx --part", "Import a list that does not have all services."),
    Example("services ask", "See the questions that would be sent."),
    Example("services ask --drafts questions", "Save them as drafts for a mail program."),
    Example("services answer Lexin A --source mail", "Record the answer about one service."),
    Example("services answer --csv answers.csv --source mail", "Record the answers of a whole list."),
    Example("attach numbers.xlsx", "See which users would get their number. Nothing is written."),
    Example("attach numbers.xlsx --yes", "Register the numbers."),
    Example("replace changed.xlsx", "See which numbers would be replaced. Nothing is written."),
    Example("replace changed.xlsx --yes", "Replace the numbers, such as D-numbers by fødselsnummer."),
    Example("withdraw wrong.xlsx", "See which numbers would be removed. Nothing is written."),
    Example("withdraw wrong.xlsx --yes", "Remove the wrong numbers from the directory."),
    Example("checklist", "See what is not ticked yet, for everybody."),
    Example(f"checklist {_USER} --done all", "Tick all places of one user."),
    Example("judge", "Then type one number on each line. Ctrl-D ends it."),
    Example("judge --on 2032-01-01", "Judge the numbers as on a later day."),
    Example("notify", "See what the providers must be told."),
    Example("notify --send", "Send it."),
    Example("check", "See all that is wrong."),
    Example("check --only P-NAME-CASE --csv findings.csv", "Save all findings of one kind as a table."),
    Example("observe", "See the numbers that others have changed in the directory."),
    Example("observe --ldif export.ldif", "Look at an export (LDIF), in place of the directory."),
    Example("journal verify", "See where the journal and the directory differ."),
    Example("journal verify --csv differences.csv", "Save the differences as a table."),
    Example("doctor", "Check the set-up of this machine and of the server."),
    Example(f"doctor --user {_USER}", "Try a login too. The password is asked for."),
    Example("close leavers.xlsx", "See which users of a list would be closed. Nothing is written."),
    Example(f"close {_USER} --yes", "Close one user."),
    Example(f"reopen {_USER}", "See whether the user can be opened again. Nothing is written."),
    Example(f"reopen {_USER} --yes", "Let the user log in again."),
    Example(f"rename {_USER}", "See the name that would be made of the user's names now. Nothing is written."),
    Example(f"rename {_USER} --to olena.kovalenko --yes", "Give the user this name."),
    Example("link people.xlsx", "See which users would be ours. Nothing is written."),
    Example("link people.xlsx --questions questions.xlsx", "Save the questions that only a person can answer."),
    Example(f"release {_USER} --yes", "Hand over one user."),
    Example("release --all --allow-changes 400 --yes", "Hand over all users, at most 400."),
    Example("nir today", "See what to register today."),
    Example("nir today --mail", "Get it by mail, from a scheduled job (cron)."),
    Example("nir worklist", "See all that is missing in NIR, and the last day for it."),
    Example("nir worklist --sheet worklist.xlsx", "Save it as a sheet to fill in when you register."),
    Example("nir records nir.xlsx", "See what the list says. Nothing is written."),
    Example("nir records nir.xlsx --yes", "Write down what the list says."),
    Example("nir seen worklist.xlsx --yes", "Take the days from the sheet of the worklist."),
    Example("nir seen ref-05 vedtak --on 2026-11-20 --yes", "One field was seen in NIR on this day."),
    Example("nir reconcile personliste.csv", "See where NIR's list and the records differ."),
    Example("nir reconcile personliste.csv --csv differences.csv", "Save the differences as a table."),
    Example("nir channel", "See the channel for each law."),
    Example("nir channel --law integreringsloven", "See the channel for one law."),
    Example("demo", "See what feideprov does, in a folder that is removed afterwards."),
    Example("demo --dir demo", "Keep the files, to look at them."),
    Example("init", "Write feideprov.toml, to fill in."),
    Example("init --directory --yes", "Create the organization and its schools in the directory."),
    Example("setup openldap", "Write the files for a new OpenLDAP server."),
    Example("setup ad --out setup-ad", "Write the files for Active Directory to a folder of your choice."),
    Example("journal gone", "See which users are missing in the directory. Nothing is written."),
    Example("journal gone --yes", "Record that they were deleted on purpose."),
    Example("journal begin", "See what would be forgotten. Nothing is written."),
    Example("journal begin --yes", "Go on with the journal as it is."),
    Example("completion bash", "Show it for bash, as Debian has it."),
    Example("completion fish", "Show it for another shell."),
)


def examples_of(path: str) -> Iterator[Example]:
    """The examples of a command. `path` is what is typed after `feideprov`."""
    return (one for one in EXAMPLES if f"{one.line} ".startswith(f"{path} "))
