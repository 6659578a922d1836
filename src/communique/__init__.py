"""Publish press releases: Markdown in; HTML pages, PDFs and RSS feeds out."""
