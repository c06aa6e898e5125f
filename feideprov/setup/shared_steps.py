"""What is the same for every kind of server: sentences of its steps, and the steps after them, up to a first login."""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Iterator, Sequence

from feideprov.feide.user_name import UserNames
from feideprov.files import is_there
from feideprov.messages import Sentence, joined, listed
from feideprov.settings.handover_pattern import HandoverPattern
from feideprov.settings.secrets import may_be_secret
from feideprov.setup.step import Commands, SetupFile, Step
from feideprov.setup.target import Target
from feideprov.wiring import build_options_of

AS_ROOT = Sentence("On the server, as root:")
ON_THE_SERVER = Sentence("On the server, as root, in the folder of these files:")
ABOUT_SCHEMA = Sentence(
    "The schemas of a Feide directory: eduPerson, eduOrg, SCHAC and norEdu, as far as they are missing."
)
ABOUT_CLOSED = Sentence(
    "Identity numbers and birth dates are closed to all but feideprov, Feide and the users themselves; only feideprov "
    "can write them. Hashes of passwords are closed to everybody. Root on the server may do everything."
)
_FIRST_USER = "first-user.csv"


def about_files(target: Target) -> Sentence:
    """What the files are for, and what is done with their folder."""
    return Sentence(
        "These files set up the server {host} with the base {base} for feideprov, in this order. Copy the folder "
        "to the server. Keep it private: it has passwords.",
        host=target.host,
        base=target.base,
    )


def about_uniqueness(attributes: Sequence[str]) -> Sentence:
    """What the server prevents."""
    return Sentence("No two users get the same value of {names}.", names=listed(attributes))


def about_other_readers(*, is_new: bool) -> Sentence:
    """Who else may read and write users, on a new server and on one that has rules of its own."""
    if is_new:
        return Sentence("Nobody else may read users.")
    return Sentence("Who else may read and write users, the server's own rules say, as before.")


def about_certificate(target: Target) -> Sentence:
    """Which certificate Feide requires."""
    return Sentence(
        "Feide connects over LDAPS, with TLS 1.2 or newer, and requires a certificate for {host} from a public "
        "authority.",
        host=target.host,
    )


def place_of_certificate(folder: str) -> Sentence:
    """Where the certificate and its key are put."""
    return Sentence(
        "Put the certificate, followed by the intermediate certificates, into {folder}/server.pem, and its key into "
        "{folder}/server.key.",
        folder=folder,
    )


def trial_certificate(target: Target, folder: str) -> Commands:
    """The commands that make a certificate for a trial, and its key, in a folder of the server."""
    host = target.host
    name = f"{'IP' if ':' in host or host.replace('.', '').isdigit() else 'DNS'}:{host}"
    return Commands(
        Sentence("Only for a trial, to make a certificate yourself. On the server, as root:"),
        (
            f"install -d -m 755 {folder}",
            f"openssl req -x509 -newkey rsa:3072 -nodes -days 365 -subj {shlex.quote(f'/CN={host[:64]}')} "
            f"-addext {shlex.quote(f'subjectAltName={name}')} -keyout {folder}/server.key -out {folder}/server.pem",
        ),
    )


def shared_steps(target: Target, certificate: str) -> Iterator[Step]:
    """The steps after the server's own. `certificate`: where the server has its certificate."""
    yield _configuration(target, certificate)
    yield _organization(target)
    yield _first_user(target)
    yield _feide(target)


def _here(target: Target, *lines: str) -> Commands:
    """Commands where feideprov runs. `feideprov` names the configuration if it has another name than the usual one."""
    name, where = target.config.name, Sentence("Where feideprov runs, in {folder}:", folder=target.settings.folder)
    program = "feideprov" if name == "feideprov.toml" else f"feideprov --config {shlex.quote(name)}"
    return Commands(where, [line.replace("feideprov ", f"{program} ", line.startswith("feideprov ")) for line in lines])


def _configuration(target: Target, certificate: str) -> Step:
    section, own = target.settings.directory, target.feideprov
    content: list[Sentence | Commands] = []
    lines: dict[str, str] = {}
    if section.url != target.url:
        lines["url"] = target.url
    if section.base_dn is None:
        lines["base_dn"] = str(target.base)
    if section.bind_dn is None:
        lines["bind_dn"] = str(own.dn)
    if own.password_file is not None:
        content += _password(target, own.password_file)
        if section.password_file is None and section.password_env is None:
            lines["password_file"] = own.password_file
    if section.ca_file is None:
        lines["ca_file"] = "ca.pem"
    ca_file = section.ca_file or "ca.pem"
    if section.ca_file is None or not is_there(target.settings.path(section.ca_file)):
        content += [
            Sentence(
                "If the certificate is from a public authority, leave ca_file out. Otherwise copy {certificate} of the "
                "server to {ca_file}.",
                certificate=certificate,
                ca_file=ca_file,
            ),
            _here(target, f"install -D -m 644 {shlex.quote(certificate)} {shlex.quote(str(ca_file))}"),
        ]
    if lines:
        place = Sentence("These keys of [directory] in {file}:", file=target.config.name)
        toml = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in lines.items()]
        content.append(Commands(place, toml, "toml"))
    return Step(Sentence("The configuration of feideprov"), content or [Sentence("Nothing is to be changed in it.")])


def _password(target: Target, name: str) -> Sequence[Sentence | Commands]:
    """How the new password of this program's account gets to the place where the configuration has it."""
    section, source = target.settings.directory, target.folder / name
    if (variable := section.password_env) is not None:
        unknown = variable not in os.environ and may_be_secret(variable)
        text = Sentence(
            "Set the environment variable {name} of feideprov to the password in {file}, then delete the file.",
            name=Sentence("that password_env names") if unknown else variable,
            file=source,
        )
        return [text]
    place = target.settings.path(section.password_file) if section.password_file else target.settings.folder / name
    old, new = shlex.quote(str(source)), shlex.quote(str(place))
    text = Sentence(
        "The password of feideprov's account is in {file}. An account that existed before has its former one.",
        file=source,
    )
    return [text, _here(target, f"install -D -m 600 {old} {new}", f"rm {old}")]


def _organization(target: Target) -> Step:
    text = Sentence(
        "The first command creates the entries of the organization, of its schools and for users. The second one "
        "checks everything. It must not show WRONG, except for a certificate that you made yourself, until you replace "
        "it (D-CERT-PRIVATE)."
    )
    commands = _here(target, "feideprov init --directory --yes", "feideprov doctor")
    return Step(Sentence("The entries of the organization"), [text, commands])


def _first_user(target: Target) -> Step:
    given, family = "Test", "Bruker"
    school, options = target.settings.schools[0].id, build_options_of(target.settings)
    listed = f"id;given_name;family_name;school;role\ntest-1;{given};{family};{school};pupil\n"
    name = f"{UserNames(policy=options.names).claim(options.names.stem(given, family))}@{target.realm}"
    text = Sentence(
        "The list has one user, for a test. apply prints the Feide name: it is {name} if nobody has that name. doctor "
        "takes the steps that Feide takes when the user logs in.",
        name=name,
    )
    password = Sentence(
        "doctor asks for the first password, which is in {handover}.",
        handover=HandoverPattern(target.settings.path(target.settings.journal.handover)).place,
    )
    sentences = [text] if target.settings.login.by == "entra" else [text, password]
    about = joined([*sentences, Sentence("close ends the test.")])
    path = shlex.quote(str(target.folder / _FIRST_USER))
    commands = _here(
        target, f"feideprov apply {path} --yes", f"feideprov doctor --user {name}", f"feideprov close {name} --yes"
    )
    return Step(Sentence("A first login"), [about, commands], [SetupFile(_FIRST_USER, listed)])


def _feide(target: Target) -> Step:
    text = Sentence(
        "Feide reads the directory with an account of its own. In Feide's customer portal (kundeportalen), register "
        "the server {host} with LDAPS, the base {base}, the account {account} and its password, which is in {file}, "
        "unless the account existed before. Then delete the file.",
        host=target.host,
        base=target.base,
        account=target.feide.dn,
        file=target.folder / (target.feide.password_file or ""),
    )
    return Step(Sentence("Feide's account"), [text])
