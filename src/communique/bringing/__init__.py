"""Releases that were written elsewhere: Word, HTML and plain text become files of the newsroom.

What comes in: a file's bytes. What goes out: a release file, its pictures beside it, and notes of
all that was guessed. The way: `documents` (bytes to `Block`s) by `plain_text` or `pandoc`,
`recognizing` (which block is the title, the date, the reference), `release_file` (the text that is
written), `importing` (many files, each once).
"""
