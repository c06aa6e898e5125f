"""The command completion: what a shell needs so that the Tab key completes commands, options and values."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final

import typer


class Shell(StrEnum):
    """A shell."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"


_BASH: Final = r"""
_feideprov() {
    local IFS=$'\x1f' typed
    typed="${COMP_WORDS[*]:1:COMP_CWORD}"
    local found=()
    mapfile -t found < <(_FEIDEPROV_WORDS="$typed" "${COMP_WORDS[0]}" 2>/dev/null)
    COMPREPLY=()
    local line
    for line in "${found[@]}"; do
        if [[ $line == /files ]]; then
            compopt -o default
        else
            line="${line%%$'\t'*}"
            [[ $line == *[!a-zA-Z0-9_=./-]* ]] && compopt -o filenames  # bash then quotes it
            COMPREPLY+=("$line")
        fi
    done
}
complete -F _feideprov feideprov
"""
_ZSH: Final = r"""#compdef feideprov
_feideprov() {
    local -a found known
    local line
    found=("${(@f)$(_FEIDEPROV_WORDS="${(pj:\x1f:)words[2,CURRENT]}" $words[1] 2>/dev/null)}")
    for line in $found; do
        if [[ $line == /files ]]; then
            _files
        elif [[ -n $line ]]; then
            known+=("${${line%%$'\t'*}//:/\\:}${${line#*$'\t'}:+:${line#*$'\t'}}")
        fi
    done
    (( $#known )) && _describe feideprov known
}
if [[ $funcstack[1] == _feideprov ]]; then
    _feideprov "$@"
else
    compdef _feideprov feideprov
fi
"""
_FISH: Final = r"""
function __feideprov_complete
    set -l typed (commandline -opc)
    set -l word (commandline -ct)
    set -lx _FEIDEPROV_WORDS (string join \x1f -- $typed[2..] "$word")
    for line in ($typed[1] 2>/dev/null)
        if test "$line" = /files
            __fish_complete_path "$word"
        else
            echo $line
        end
    end
end
complete -c feideprov -f -a '(__feideprov_complete)'
"""
_SCRIPTS: Final = {Shell.BASH: _BASH, Shell.ZSH: _ZSH, Shell.FISH: _FISH}


def completion(
    shell: Annotated[Shell, typer.Argument(help="The shell. The pages of the documentation say where it is saved.")],
) -> None:
    """Write what a shell needs to complete commands. The Tab key then completes commands, options, codes, schools and
    files."""
    typer.echo(_SCRIPTS[shell].strip())
