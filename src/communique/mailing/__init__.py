"""Releases by mail: what goes out (`letter`, `message`), to whom (`recipients`), and how.

`choosing` finds which version may go out and to whom it goes in which language, `postal_book` knows
who has a release already, and `delivery` speaks to the mail server.
"""


class MailingError(Exception):
    """Nothing goes out; the message says why, in the officer's words."""
