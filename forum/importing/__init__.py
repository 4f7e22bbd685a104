"""A forum from JSON lines: read and checked whole, compared with what is there, then written in batches.

`lines` knows what a line may say, `spool` keeps them on disk, `checking` reads a file and lists its errors, `people`
and `topics` write, `running` puts them in order for a command or the demo. The format: docs/exploitation/reprise.md.
"""
