"""What identifies our database file; light to import, so that queries start fast."""

# "BMON" in the header of the file (PRAGMA application_id): how a database is known to be ours.
APPLICATION_ID = 0x424D4F4E
# The migrations, in order; a new one is appended, an old one never changes.
MIGRATIONS = (
    "0001_stories",
    "0002_collection",
    "0003_incidents",
    "0004_search",
    "0005_polling",
    "0006_health",
    "0007_event_dates",
    "0008_linking",
    "0009_search",
    "0010_alerts",
    "0011_vocabulary",
    "0012_archive",
    "0013_merges",
    "0014_partial_dates",
)
