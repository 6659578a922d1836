"""`communique headers`: what a web server is told about the files of `build/`."""

from __future__ import annotations

from urllib.parse import urlsplit

import click

from communique.commands.common import newsroom_here, read_newsroom_of, require
from communique.headers import for_apache, for_hosts, for_nginx

SERVERS = ("nginx", "apache", "netlify", "cloudflare")


@click.command()
@click.argument("server", type=click.Choice(SERVERS))
def headers(server: str) -> None:
    """Print the settings for your web server.

    With them it says of each file what type it is, how long it may be kept, and what a page may
    load. For Netlify and Cloudflare Pages, write `headers: yes` in newsroom.yaml instead: then
    each build publishes them.
    """
    newsroom = require(read_newsroom_of(newsroom_here()))
    if server == "nginx":
        text = for_nginx(newsroom.root, urlsplit(newsroom.url).hostname or "_")
    elif server == "apache":
        text = for_apache(newsroom.root)
    else:
        text = for_hosts(newsroom.root)
    click.echo(text, nl=False)
