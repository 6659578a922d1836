"""`communique serve`: the newsroom in the officer's own browser, before the public may see it.

`galley` reads, `press` renders on demand, `frame` marks every page as a preview, `watching` tells
of changes, `app` answers the browser, `server` listens on this machine alone. Nothing is written.
"""
