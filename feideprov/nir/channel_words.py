"""What each row of the table of channels rests on, and what to do about it, in three languages.

The rows follow imdi.no, “Overføring mellom kommunale fagsystem og NIR”, 2022-04-11; the sentences are our own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from feideprov.forms.words import Words
from feideprov.messages import Sentence

TEXTS: Final[Mapping[str, Words]] = {
    "C0": Words(
        "{on} is before {scope_from}. Until then another service (WS2) transferred to NIR, and the table of channels "
        "does not cover it.",
        "{on} er før {scope_from}. Fram til da gikk overføringen til NIR med en annen tjeneste (WS2), som "
        "kanaltabellen ikke dekker.",
        "{on} er før {scope_from}. Fram til då gjekk overføringa til NIR med ei anna teneste (WS2), som kanaltabellen "
        "ikkje dekkjer.",
    ),
    "C-NOT-KNOWN": Words(
        "It is not known which law applies, so there is no channel either. If the day of the permit or of the arrival "
        "is missing, add it. Else look for the law at Lovdata and in IMDi's guide to integreringsloven, and add a row "
        "[[law]] to your own rules.",
        "Det er ikke kjent hvilken lov som gjelder, og da er heller ikke kanalen kjent. Mangler datoen for "
        "oppholdstillatelsen eller ankomsten, så legg den inn. Ellers: se etter loven på Lovdata og i IMDis veileder "
        "til integreringsloven, og legg til en rad [[law]] i egne regler.",
        "Det er ikkje kjent kva lov som gjeld, og då er heller ikkje kanalen kjend. Manglar datoen for "
        "opphaldsløyvet eller framkomsten, så legg han inn. Elles: sjå etter lova på Lovdata og i rettleiaren frå IMDi "
        "til integreringslova, og legg til ei rad [[law]] i eigne reglar.",
    ),
    "C-NOT-KNOWN source": Words(
        "From {since} on, the sources do not say which law applies, so there is no channel either. The last source is "
        "{source}: look for a newer one at Lovdata and IMDi, and add a row [[law]] to your own rules.",
        "Fra {since} sier ikke kildene hvilken lov som gjelder, og da er heller ikke kanalen kjent. Siste kilde er "
        "{source}: se etter en nyere hos Lovdata og IMDi, og legg til en rad [[law]] i egne regler.",
        "Frå {since} seier ikkje kjeldene kva lov som gjeld, og då er heller ikkje kanalen kjend. Siste kjelde er "
        "{source}: sjå etter ei nyare hos Lovdata og IMDi, og legg til ei rad [[law]] i eigne reglar.",
    ),
    "C-BLOCKED settled": Words(
        "No settlement day up to {on} is known, and before that NIR does not show this scheme of the person to the "
        "municipality. Register the settlement day in IMDinett first.",
        "Det er ikke kjent noen bosettingsdato fram til {on}, og før den viser ikke NIR denne ordningen for personen "
        "til kommunen. Registrer bosettingsdatoen i IMDinett først.",
        "Det er ikkje kjent nokon busetjingsdato fram til {on}, og før den viser ikkje NIR denne ordninga for personen "
        "til kommunen. Registrer busetjingsdatoen i IMDinett først.",
    ),
    "C-BLOCKED moved": Words(
        "Folkeregisteret has the person's address in municipality {register}, and yours is {own}: the address decides "
        "who sees a person in NIR. If the address is wrong, help the person report the move.",
        "I Folkeregisteret har personen adresse i kommune {register}, og deres er {own}: adressen avgjør hvem som ser "
        "en person i NIR. Er adressen feil, så hjelp personen med å melde flytting.",
        "I Folkeregisteret har personen adresse i kommune {register}, og dykkar er {own}: adressa avgjer kven som ser "
        "ein person i NIR. Er adressa feil, så hjelp personen med å melde flytting.",
    ),
    "C1 hold": Words(
        "NIR cannot take {field} before {not_before}. Keep it in your own system, and register it in NIR when NIR can "
        "take it.",
        "NIR kan ikke ta imot {field} før {not_before}. Ta vare på det i eget system, og registrer det i NIR når NIR "
        "kan ta imot det.",
        "NIR kan ikkje ta imot {field} før {not_before}. Ta vare på det i eige system, og registrer det i NIR når NIR "
        "kan ta imot det.",
    ),
    "C1 try": Words(
        "It is only certain from {known_by} on that NIR takes {field}. Try NIR web, and keep the record in your own "
        "system until you have seen it in NIR.",
        "Det er først sikkert fra {known_by} at NIR tar imot {field}. Prøv NIR web, og ta vare på opplysningen i eget "
        "system til dere har sett den i NIR.",
        "Det er først sikkert frå {known_by} at NIR tek imot {field}. Prøv NIR web, og ta vare på opplysninga i eige "
        "system til de har sett henne i NIR.",
    ),
    "C2": Words(
        "IMDi has closed transfer for the municipality from {since} (told by {who}). {opens} Until then, register in "
        "NIR web.",
        "IMDi har stengt overføring for kommunen fra {since} (opplyst av {who}). {opens} Registrer i NIR web så lenge.",
        "IMDi har stengt overføring for kommunen frå {since} (opplyst av {who}). {opens} Registrer i NIR web så lenge.",
    ),
    "C3": Words(
        "The municipality does not transfer from a case system to NIR. Register in NIR web: that meets the duty just "
        "as well.",
        "Kommunen overfører ikke fra et fagsystem til NIR. Registrer i NIR web: det oppfyller plikten like godt.",
        "Kommunen overfører ikkje frå eit fagsystem til NIR. Registrer i NIR web: det oppfyller plikta like godt.",
    ),
    "C4": Words(
        "Under introduksjonsloven, a municipality that transfers must use WS4. {ready}",
        "Etter introduksjonsloven må en kommune som overfører, bruke WS4. {ready}",
        "Etter introduksjonslova må ein kommune som overfører, bruke WS4. {ready}",
    ),
    "C5": Words(
        "Register in NIR web until the case system can use WS4 for introduksjonsloven. IMDi gives this advice to "
        "all who wait for their vendor, and does not name this law. {ready}",
        "Registrer i NIR web til fagsystemet kan bruke WS4 for introduksjonsloven. IMDi gir dette rådet til alle som "
        "venter på leverandøren, og nevner ikke denne loven. {ready}",
        "Registrer i NIR web til fagsystemet kan bruke WS4 for introduksjonslova. IMDi gir dette rådet til alle som "
        "ventar på leverandøren, og nemner ikkje denne lova. {ready}",
    ),
    "C5 warning": Words(
        "Since {scope_from}, WS4 is the only service for transfer. Ask the vendor when the case system will use it, "
        "and write the answer in [nir.ready].",
        "Siden {scope_from} er WS4 den eneste tjenesten for overføring. Spør leverandøren når fagsystemet tar den i "
        "bruk, og skriv svaret i [nir.ready].",
        "Sidan {scope_from} er WS4 den einaste tenesta for overføring. Spør leverandøren når fagsystemet tek henne i "
        "bruk, og skriv svaret i [nir.ready].",
    ),
    "C6": Words(
        "The case system transfers by WS4 under this law, so WS4 is the channel that must be used. {ready}",
        "Fagsystemet overfører med WS4 etter denne loven, og da er det WS4 som skal brukes. {ready}",
        "Fagsystemet overfører med WS4 etter denne lova, og då er det WS4 som skal brukast. {ready}",
    ),
    "C7": Words(
        "Register in NIR web until the vendor has adapted the case system to the law. {ready}",
        "Registrer i NIR web til leverandøren har tilpasset fagsystemet til loven. {ready}",
        "Registrer i NIR web til leverandøren har tilpassa fagsystemet til lova. {ready}",
    ),
    "C7 warning": Words(
        "Begin to use WS4 as soon as the vendor delivers it for this law, and write the day in [nir.ready].",
        "Ta WS4 i bruk så snart leverandøren leverer det for denne loven, og skriv dagen i [nir.ready].",
        "Ta WS4 i bruk så snart leverandøren leverer det for denne lova, og skriv dagen i [nir.ready].",
    ),
    "ready": Words(
        "For {law}, the case system can do so from {day} (told by {who}).",
        "For {law} kan fagsystemet det fra {day} (opplyst av {who}).",
        "For {law} kan fagsystemet det frå {day} (opplyst av {who}).",
    ),
    "ready not set": Words(
        "For {law}, [nir.ready] has no day.",
        "For {law} står det ingen dag i [nir.ready].",
        "For {law} står det ingen dag i [nir.ready].",
    ),
    "opens": Words("It opens again on {day}.", "Det åpnes igjen {day}.", "Det blir opna igjen {day}."),
    "opens some day": Words(
        "No day is set for opening it again.",
        "Det er ikke satt noen dag for åpning.",
        "Det er ikkje sett nokon dag for opning.",
    ),
    "nobody": Words("nobody named", "ingen nevnt", "ingen nemnd"),
}
"""By row of the table: a row of several cases, or a part of a sentence, has a key with a second word."""

_BY_TEMPLATE: Final = {words.en: words for words in TEXTS.values()}


class ChannelSentence(Sentence):
    """A sentence of this table: it is English, and `in_language` says it in `nb` or `nn`."""

    def in_language(self, language: str) -> str:
        """The sentence in a language (`en`, `nb` or `nn`); in English for any other."""
        words = _BY_TEMPLATE[self.template]
        template: str = getattr(words, language) if language in Words._fields else self.template
        return template.format_map({name: _said(value, language) for name, value in self.values.items()})


def _said(value: Any, language: str) -> Any:
    """A value in a language: a day is written as people write it there."""
    if isinstance(value, Sentence):
        return value.in_language(language)
    return f"{value:%d.%m.%Y}" if isinstance(value, date) and language in ("nb", "nn") else value


def say(text: str, **values: Any) -> ChannelSentence:
    """The sentence of a key of the table, with its values."""
    return ChannelSentence(TEXTS[text].en, **values)
