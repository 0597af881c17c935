"""The attacks by name, in the order in which they run."""

ATTACKS = {}
RAW = set()


def attack(function):
    ATTACKS[function.__name__.replace("_", "-")] = function
    return function


def raw(function):
    """Marks an attack that yields functions instead of requests; each function gets a new socket."""
    RAW.add(function.__name__.replace("_", "-"))
    return attack(function)
