"""The club's list of projects: read, matched with the communes, compared with the database, written whole or not.

`reading` knows files, `matching` communes, `content` what a row says, `planning` what it would do, `applying` writes,
`running` puts them in order for a command, a job or a page.
"""
