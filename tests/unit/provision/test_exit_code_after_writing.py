"""Exit code 2 says that nothing was written: no error of a run has it once the first write was sent."""

from __future__ import annotations

import pytest

from feideprov import errors
from feideprov.errors import ConfigurationError, DirectoryError, FeideProvError, InputError


@pytest.mark.parametrize("was_written", [True, False])
@pytest.mark.parametrize("kind", ["directory", "configuration", "input"])
def test_an_error_after_the_first_write_has_exit_code_3(kind: str, was_written: bool) -> None:
    error = {
        "directory": DirectoryError("The certificate is not trusted.", before_writing=True),
        "configuration": ConfigurationError("The setting is wrong."),
        "input": InputError("The file is gone."),
    }[kind]
    with pytest.raises(FeideProvError) as raised, errors.telling_of_writes(lambda: was_written):
        raise error
    assert raised.value.exit_code == (3 if was_written else 2)
    assert ConfigurationError.exit_code == 2
