"""What a person can mend, in one sentence."""


class Fault(Exception):
    """Ends a verb with its message and without a traceback. Never holds a secret."""
