"""Publish press releases: Markdown in; HTML pages, PDFs and RSS feeds out."""

from importlib.metadata import version

__version__ = version("communique")
