"""What the page says, in bokmål and in English: a phrase for each key, the same keys in both.

A phrase whose key ends in `#1` is for a count of one, in place of the one without.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

_NB: Final[Mapping[str, str]] = {
    "title": "Brukere uten nummer",
    "lead": "Hvem som venter på fødselsnummer eller D-nummer i {organization}, hvilke tjenester det gjelder, og hvem "
    "som skal varsles. Status {day}.",
    "skip": "Hopp til innholdet",
    "contents": "Innhold på siden",
    "figures": "Kort fortalt",
    "steps": "De fem stegene",
    "ages": "Hvor lenge brukerne har ventet",
    "services": "Tjenestene",
    "notices": "Varsler som skal sendes",
    "matrix": "Hvem får problemer hvor",
    "figure.pending": "brukere uten nummer",
    "figure.pending#1": "bruker uten nummer",
    "figure.protected": "{n} av dem er skjermet, og vises ikke",
    "figure.listed": "ingen av dem er skjermet",
    "figure.trouble": "tjenester kan ikke ta imot dem",
    "figure.trouble#1": "tjeneste kan ikke ta imot dem",
    "figure.in-trouble": "{n} brukere får problemer",
    "figure.in-trouble#1": "{n} bruker får problemer",
    "figure.unsettled": "tjenester mangler svar",
    "figure.unsettled#1": "tjeneste mangler svar",
    "figure.of": "av {n} aktiverte som får nummeret",
    "figure.due": "varsler skal sendes",
    "figure.due#1": "varsel skal sendes",
    "figure.told": "{n} sendt de siste 30 dagene",
    "steps.about": "Feides råd om personer uten norsk identitetsnummer, steg for steg.",
    "next": "Neste:",
    "progress.not-begun": "Ikke begynt",
    "progress.under-way": "I gang",
    "progress.in-order": "I orden",
    "step.1": "La nummeret stå tomt",
    "step.1.says": "{n} brukere står i katalogen uten nummer til de får sitt. Ingen får et oppdiktet nummer.",
    "step.1.says#1": "{n} bruker står i katalogen uten nummer til det kommer. Ingen får et oppdiktet nummer.",
    "step.1.doubtful": "{n} numre som ble sett der, kan ikke brukes, eller ikke før noen har sett et grunnlag.",
    "step.1.doubtful#1": "{n} nummer som ble sett der, kan ikke brukes, eller ikke før noen har sett et grunnlag.",
    "step.2": "Finn tjenestene som bruker nummeret",
    "step.2.none": "Ingen tjenester er lest inn ennå.",
    "step.2.says": "{n} aktiverte tjenester får nummeret, av {known} kjente. Sist lest {day}.",
    "step.2.says#1": "{n} aktivert tjeneste får nummeret, av {known} kjente. Sist lest {day}.",
    "step.2.untold": "For {n} til sier ingen kilde om de er aktivert her.",
    "step.2.stale": "Det er over 180 dager siden: les inn på nytt.",
    "step.3": "Spør leverandørene",
    "step.3.says": "{n} av {of} tjenester er avklart. Ikke spurt: {unknown}. Venter på svar: {asked}. Svarte ikke: "
    "{silent}.",
    "step.4": "Registrer nummeret straks det er tildelt",
    "step.4.says": "{n} venter. {arrived} numre er registrert eller endret de siste 30 dagene.",
    "step.4.longest": "Den som har ventet lengst, har ventet i {n} dager.",
    "step.4.longest#1": "Den som har ventet lengst, har ventet i {n} dag.",
    "step.5": "Varsle leverandørene når nummeret er på plass",
    "step.5.says": "{n} varsler skal sendes. {told} er sendt de siste 30 dagene.",
    "step.5.says#1": "{n} varsel skal sendes. {told} er sendt de siste 30 dagene.",
    "ages.caption": "Brukere uten nummer, etter ventetid",
    "ages.head": "Ventetid",
    "users": "Brukere",
    "age.under-a-week": "Under en uke",
    "age.under-a-month": "1 uke til 1 måned",
    "age.under-3-months": "1 til 3 måneder",
    "age.under-6-months": "3 til 6 måneder",
    "age.longer": "Over 6 måneder",
    "age.not-known": "Ikke kjent",
    "ages.protected": "Skjermede brukere (telles bare her)",
    "ages.total": "I alt",
    "services.about": "Aktiverte tjenester som får nummeret ved innlogging.",
    "services.caption": "Tjenester etter svar",
    "services.none": "Ingen aktivert tjeneste som får nummeret, er registrert.",
    "services.list": "Tjenestene, en for en",
    "answer": "Svar fra leverandøren",
    "count": "Antall",
    "state.cannot-serve": "Trenger nummeret, kan ikke ta imot brukere uten",
    "state.unknown": "Ikke spurt",
    "state.asked": "Spurt, venter på svar",
    "state.no-answer": "Svarte ikke",
    "state.can-serve": "Trenger nummeret, tar imot brukere uten",
    "state.does-not-depend": "Trenger ikke nummeret",
    "service": "Tjeneste",
    "provider": "Leverandør",
    "ways": "Får nummeret gjennom",
    "way.feide": "Feide",
    "way.oidc": "OIDC (userid-nin)",
    "way.saml": "SAML-metadata",
    "way.stated": "kundeportalen",
    "asked": "Spurt",
    "reminded": "purret {day}",
    "asked.never": "nei",
    "meet": "Brukere som møter den",
    "to-tell": "Endringer å varsle",
    "notices.caption": "Varsler som skal sendes, etter tjeneste",
    "notices.none": "Ingen varsler venter på å bli sendt.",
    "notices.about": "Hver leverandør får ett varsel om gangen, om alle sine tjenester. Det sier hva som er skjedd, "
    "hvilken dag og hvor mange det gjelder, aldri nummeret.",
    "kind.registered": "Registrert",
    "kind.changed": "Endret",
    "kind.withdrawn": "Trukket tilbake",
    "waiting-since": "Venter siden",
    "delivery": "Utsending",
    "delivery.due": "ikke sendt",
    "delivery.failed": "forsøkt, kom ikke fram",
    "matrix.nobody": "Ingen bruker som kan vises her, venter på nummer.",
    "matrix.about": "En rad for hver bruker, de som har ventet lengst, øverst. Feide-navnene står uten @{realm}.",
    "matrix.protected": "{n} skjermede brukere er talt med i tallet øverst, men står ikke her.",
    "matrix.protected#1": "{n} skjermet bruker er talt med i tallet øverst, men står ikke her.",
    "matrix.caption": "Brukere uten nummer og tjenester",
    "matrix.part": "tjeneste {first}–{last} av {of}",
    "matrix.scroll": "Tabellen kan rulles i begge retninger, også med piltastene.",
    "legend": "Tegnforklaring",
    "cell.trouble": "får problemer",
    "cell.not-known": "ikke avklart",
    "cell.served": "tjenesten tar imot uten nummer",
    "cell.not-needed": "trenger ikke nummer",
    "cell.outside": "bruker ikke tjenesten",
    "user": "Bruker",
    "school": "Skole",
    "days": "Dager",
    "not-known": "ukjent",
    "footer": "Laget med feideprov {version} {day}. Siden inneholder Feide-navn: oppbevar den som andre "
    "personopplysninger, og slett den når den ikke trengs lenger.",
}
_EN: Final[Mapping[str, str]] = {
    "title": "Users without a number",
    "lead": "Who waits for a Norwegian identity number in {organization}, which services that concerns, and who must "
    "be told. As of {day}.",
    "skip": "Skip to the content",
    "contents": "On this page",
    "figures": "In short",
    "steps": "The five steps",
    "ages": "How long users have waited",
    "services": "The services",
    "notices": "Notices due",
    "matrix": "Who meets trouble where",
    "figure.pending": "users without a number",
    "figure.pending#1": "user without a number",
    "figure.protected": "{n} of them protected, not listed",
    "figure.listed": "none of them protected",
    "figure.trouble": "services cannot serve them",
    "figure.trouble#1": "service cannot serve them",
    "figure.in-trouble": "{n} users meet trouble",
    "figure.in-trouble#1": "{n} user meets trouble",
    "figure.unsettled": "services without an answer",
    "figure.unsettled#1": "service without an answer",
    "figure.of": "of {n} activated that get the number",
    "figure.due": "notices due",
    "figure.due#1": "notice due",
    "figure.told": "{n} sent in the last 30 days",
    "steps.about": "Feide's advice about people without a Norwegian identity number, step by step.",
    "next": "Next:",
    "progress.not-begun": "Not begun",
    "progress.under-way": "Under way",
    "progress.in-order": "In order",
    "step.1": "Leave the number empty",
    "step.1.says": "{n} users stand in the directory without a number until theirs comes. Nobody gets an invented one.",
    "step.1.says#1": "{n} user stands in the directory without a number until it comes. Nobody gets an invented one.",
    "step.1.doubtful": "{n} numbers that were seen there cannot be used, or not before somebody has seen evidence.",
    "step.1.doubtful#1": "{n} number that was seen there cannot be used, or not before somebody has seen evidence.",
    "step.2": "See which services use the number",
    "step.2.none": "No services have been read yet.",
    "step.2.says": "{n} activated services get the number, of {known} known. Last read on {day}.",
    "step.2.says#1": "{n} activated service gets the number, of {known} known. Last read on {day}.",
    "step.2.untold": "Of {n} more, no source tells whether they are activated here.",
    "step.2.stale": "That is more than 180 days ago: read them again.",
    "step.3": "Ask their providers",
    "step.3.says": "{n} of {of} services are settled. Not asked: {unknown}. Waiting for an answer: {asked}. Did not "
    "answer: {silent}.",
    "step.4": "Enter the number as soon as it is assigned",
    "step.4.says": "{n} wait. {arrived} numbers were registered or changed in the last 30 days.",
    "step.4.longest": "Whoever has waited longest has waited for {n} days.",
    "step.4.longest#1": "Whoever has waited longest has waited for {n} day.",
    "step.5": "Tell the providers once it is there",
    "step.5.says": "{n} notices are due. {told} were sent in the last 30 days.",
    "step.5.says#1": "{n} notice is due. {told} were sent in the last 30 days.",
    "ages.caption": "Users without a number, by how long they have waited",
    "ages.head": "Waiting",
    "users": "Users",
    "age.under-a-week": "Under a week",
    "age.under-a-month": "1 week to 1 month",
    "age.under-3-months": "1 to 3 months",
    "age.under-6-months": "3 to 6 months",
    "age.longer": "Over 6 months",
    "age.not-known": "Not known",
    "ages.protected": "Protected users (counted only here)",
    "ages.total": "In all",
    "services.about": "Services activated here that get the number at login.",
    "services.caption": "Services by answer",
    "services.none": "No service that is activated here and gets the number is in the register.",
    "services.list": "The services, one by one",
    "answer": "The provider's answer",
    "count": "Count",
    "state.cannot-serve": "Depends on the number, cannot serve users without",
    "state.unknown": "Not asked",
    "state.asked": "Asked, waiting for an answer",
    "state.no-answer": "Did not answer",
    "state.can-serve": "Depends on the number, can serve users without",
    "state.does-not-depend": "Does not depend on the number",
    "service": "Service",
    "provider": "Provider",
    "ways": "Gets the number through",
    "way.feide": "Feide",
    "way.oidc": "OIDC (userid-nin)",
    "way.saml": "SAML metadata",
    "way.stated": "the customer portal",
    "asked": "Asked",
    "reminded": "reminded {day}",
    "asked.never": "no",
    "meet": "Users who meet it",
    "to-tell": "Changes to tell",
    "notices.caption": "Notices due, by service",
    "notices.none": "No notice waits to be sent.",
    "notices.about": "Each provider gets one notice at a time, about all its services. It says what happened, "
    "on which day and how many it concerns, never the number.",
    "kind.registered": "Registered",
    "kind.changed": "Changed",
    "kind.withdrawn": "Withdrawn",
    "waiting-since": "Waiting since",
    "delivery": "Delivery",
    "delivery.due": "not sent",
    "delivery.failed": "tried, did not arrive",
    "matrix.nobody": "Nobody who may be listed here waits for a number.",
    "matrix.about": "A row for each user, those who have waited longest first. Feide names stand without @{realm}.",
    "matrix.protected": "{n} protected users are counted above, but not listed here.",
    "matrix.protected#1": "{n} protected user is counted above, but not listed here.",
    "matrix.caption": "Users without a number, and services",
    "matrix.part": "services {first}–{last} of {of}",
    "matrix.scroll": "The table scrolls in both directions, with the arrow keys too.",
    "legend": "What the signs mean",
    "cell.trouble": "meets trouble",
    "cell.not-known": "not known",
    "cell.served": "served without a number",
    "cell.not-needed": "needs no number",
    "cell.outside": "does not meet the service",
    "user": "User",
    "school": "School",
    "days": "Days",
    "not-known": "unknown",
    "footer": "Made with feideprov {version} on {day}. This page holds Feide names: keep it as you keep other personal "
    "data, and delete it when it is not needed any more.",
}
_MONTHS = {
    "nb": "januar februar mars april mai juni juli august september oktober november desember",
    "en": "January February March April May June July August September October November December",
}
WORDS: Final[Mapping[str, Mapping[str, str]]] = {"nb": _NB, "en": _EN}


def phrases(language: str) -> Callable[..., str]:
    """What says a phrase: by its key, with a count `n` and what else stands in it."""
    words = WORDS[language]

    def say(key: str, n: int | None = None, **values: object) -> str:
        one = words.get(f"{key}#1") if n == 1 else None
        return (one or words[key]).format(n=n, **values)

    return say


def written_day(day: date, language: str) -> str:
    """A day as people write it.

    >>> written_day(date(2026, 11, 3), "nb"), written_day(date(2026, 11, 3), "en")
    ('3. november 2026', '3 November 2026')
    """
    month = _MONTHS[language].split()[day.month - 1]
    return f"{day.day}{'.' if language == 'nb' else ''} {month} {day.year}"


def short_day(day: date, language: str) -> str:
    """A day as it stands in a table.

    >>> short_day(date(2026, 11, 3), "nb"), short_day(date(2026, 11, 3), "en")
    ('03.11.2026', '3 Nov 2026')
    """
    if language == "nb":
        return f"{day:%d.%m.%Y}"
    return f"{day.day} {_MONTHS['en'].split()[day.month - 1][:3]} {day.year}"
