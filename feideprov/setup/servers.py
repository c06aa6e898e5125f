"""The set-up for each kind of server."""

from __future__ import annotations

from pathlib import Path

from feideprov.directory.ldap.server_kind import Kind
from feideprov.errors import InputError
from feideprov.messages import Sentence
from feideprov.settings import Settings
from feideprov.setup.active_directory import active_directory_setup
from feideprov.setup.ds389 import ds389_setup
from feideprov.setup.ds389_config import ds389_config_in, ds389_config_of_new
from feideprov.setup.openldap import openldap_setup
from feideprov.setup.openldap_config import openldap_config_in, openldap_config_of_new
from feideprov.setup.step import Setup
from feideprov.setup.target import target_of


def server_setup(settings: Settings, kind: Kind, folder: Path, server: bytes | None = None) -> Setup:
    """The steps that set up a server of this kind.

    Parameters:
        settings: the configuration.
        kind: `openldap`, `389` or `ad`.
        folder: where the files will be written; the page names it.
        server: what the server has already, as LDIF; None: it is new.

    Returns: the steps, with their files. They contain new passwords.

    Raises:
        ConfigurationError: the configuration has names that a set-up cannot create.
        InputError: `server` is not LDIF, or not the configuration of such a server; or it is given for `ad`.
    """
    target = target_of(settings, kind, folder)
    match kind, server:
        case "openldap", None:
            return openldap_setup(target, openldap_config_of_new(target.base))
        case "openldap", bytes():
            return openldap_setup(target, openldap_config_in(server, target.base))
        case "389", None:
            return ds389_setup(target, ds389_config_of_new(target.base))
        case "389", bytes():
            return ds389_setup(target, ds389_config_in(server, target.base))
        case "ad", None:
            return active_directory_setup(target)
    raise InputError(Sentence("For ad there is no option --server: the page says what to leave out."))
