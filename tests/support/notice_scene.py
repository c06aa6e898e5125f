"""An organization whose services are owed notices: a journal with changes of numbers, and a register of services."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import feideprov
from feideprov import Event, Journal, MarkKey, Settings
from feideprov.journal.journal import State
from feideprov.services.notice_sender import NoticeSender
from feideprov.services.notices import Notices
from feideprov.services.register.register import Register
from feideprov.services.register.service import Answer, Basis, Contact, Dependency, Provider, Service, Way

_PACKAGE = Path(feideprov.__file__).parent
REALM = "skotthyll.kommune.no"
TODAY = date(2026, 11, 23)
KEY = b"a key for examples and nothing else"


def a_service(name: str, firm: str = "Lexin AS", state: Dependency = Dependency.CAN_SERVE, **fields: Any) -> Service:
    """A service that is activated and gets the number, of a provider with an address."""
    short = firm.split()[0].lower()
    given = {
        "names": {"nb": name},
        "provider": Provider(id=short, name=firm),
        "ways": (Way.FEIDE,),
        "activated": True,
        "contacts": (Contact(mail=f"hjelp@{short}.example"),),
        "answer": Answer(state=state, on=TODAY, source="a mail"),
    }
    return Service(id=f"feide:{name.lower()}", **(given | fields))


def with_names(service: Service, on: date = TODAY) -> Service:
    return service.model_copy(update={"basis_for_names": Basis(text="databehandleravtale", on=on)})


class Scene:
    """One organization, with its journal in a database."""

    def __init__(self, url: str = "sqlite://", *, settings: Settings | None = None, realm: str = REALM) -> None:
        self.journal = Journal(url, realm, key=MarkKey(KEY), actor="Kari")
        self.register = Register(self.journal)
        self.notices = Notices(self.journal, self.register, TODAY)
        self.settings = settings

    def change(self, kind: str, user: str, *services: str, protected: bool = False) -> int:
        """A change of a number that was done, and is owed to these services."""
        event = Event(kind, f"{user}@{REALM}", f"uid={user},dc=skotthyll,dc=no", protected=protected)
        ids = self.journal.intend([event])
        self.journal.advance(ids, State.DONE, lambda _: [f"feide:{service.lower()}" for service in services])
        return ids[0]

    def put(self, *services: Service) -> None:
        self.register.put(services)

    def sender(self, **options: Any) -> NoticeSender:
        assert self.settings is not None
        return NoticeSender(self.settings, self.journal, self.notices, **options)

    def told(self) -> list[tuple[str, list[tuple[str, int, int, int]]]]:
        """Of each notice the provider, and for each line the service and its counts."""
        return [
            (one.provider.name, [(li.service.name(), li.registered, li.changed, li.withdrawn) for li in one.lines])
            for one in self.notices.all()
        ]


def configuration(folder: Path, *lines: str) -> Path:
    """A configuration file, with these lines after the organization's own."""
    path = folder / "feideprov.toml"
    [story] = _PACKAGE.rglob("story/feideprov.toml")  # without the module beside it, which needs the extra “cli”
    text = story.read_text(encoding="utf-8").format(directory='url = "ldif:catalogue.ldif"')
    path.write_text(text + "\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return path


def smtp(port: int, **keys: object) -> Iterable[str]:
    """The section of a mail server on this machine."""
    given = {
        "host": "127.0.0.1",
        "port": port,
        "security": "off",
        "sender": f"feide@{REALM}",
        "per_minute": 6000,
    } | keys
    return ["[smtp]", *(f"{key} = {_toml(value)}" for key, value in given.items())]


def webhook(folder: Path, url: str, secret: str, **keys: object) -> Iterable[str]:
    """The section of a webhook."""
    (folder / "webhook-secret").write_text(secret + "\n", encoding="utf-8")
    given = {"url": url, "secret_file": "webhook-secret"} | keys
    return ["[webhook]", *(f"{key} = {_toml(value)}" for key, value in given.items())]


def _toml(value: object) -> str:
    return f'"{value}"' if isinstance(value, str | Path) else str(value)
