"""What can end a request or the program, apart from the errors of the packages below.

BackchatError             the message is one sentence for the person it is shown to
├─ BadRequest             the question or command cannot be served as given
└─ ConfigurationError     the operator has to change something before the bot can run
"""


class BackchatError(Exception):
    """Something the person it is shown to can mend."""


class BadRequest(BackchatError):
    """The request is empty, too long or otherwise not one."""


class ConfigurationError(BackchatError):
    """The environment, a file or the token is wrong."""
