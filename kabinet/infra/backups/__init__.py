"""The installation's data in one folder: the database and the stored files, of one moment, and back (docs/operate.md).

A backup is a folder: `database.dump` (pg_dump), `files/` under the names of the storage, `SHA256SUMS` over both, and
`manifest.json`, which is written last: a folder without it is no backup.
"""
