"""What means this machine, whatever a name server says."""

import ipaddress

NAME = "localhost"


def is_loopback(host: str) -> bool:
    """Tell whether a name or address is reached from this machine alone."""
    name = host.strip("[]").casefold()
    return name == NAME or name.endswith(f".{NAME}") or is_loopback_address(name)


def is_loopback_address(text: str) -> bool:
    """Tell whether a text is an address of the loopback interface."""
    try:
        return ipaddress.ip_address(text).is_loopback
    except ValueError:
        return False
