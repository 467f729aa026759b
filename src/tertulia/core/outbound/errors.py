"""What becomes of a request that got no answer. The words never name an address that was found."""


class OutboundError(Exception):
    """No answer."""


class NotAllowed(OutboundError):
    """This server does not call there; trying again changes nothing."""


class Unreachable(OutboundError):
    """No such name, no connection, no valid certificate, no answer in time."""


class TooMuch(OutboundError):
    """The answer is larger than what was wanted."""
