"""What can go wrong with the database; `str(error)` is one sentence for the person it is shown to.

StorageError
 ├─ StorageUnavailable       it cannot be reached, or was lost on the way
 │   └─ StorageBusy          somebody else has been writing for too long
 ├─ DiskFull                 there is no room left
 ├─ DamagedDatabase          the file is no database any more
 ├─ NewerDatabase            a newer version of backchat has written it
 ├─ DataInUse                another bot holds the data folder
 ├─ BackupFailed             no backup could be written
 ├─ BadBackup                the file is no backup that can be restored
 ├─ NotFound                 this server has no such thing
 ├─ Taken                    the text belongs to another answer already
 ├─ Unstorable               a text that no database takes
 └─ Conflict                 somebody else was faster; carries who, when, and what is there now
     ├─ AnswerConflict       bot.storage.answers
     ├─ DraftConflict        bot.storage.drafts
     ├─ SettingConflict      bot.storage.settings
     └─ DecisionConflict     bot.storage.inbox
"""


class StorageError(Exception):
    """The database did not do what it was asked to; what was there before is still there."""


class StorageUnavailable(StorageError):
    """The database cannot be reached, or the connection was lost."""


class StorageBusy(StorageUnavailable):
    """Somebody else has been writing for longer than anybody waits."""


class DiskFull(StorageError):
    """Nothing more fits on the disk of the database."""


class DamagedDatabase(StorageError):
    """The file of the database cannot be read; it was left as it is."""


class NewerDatabase(StorageError):
    """A newer version of backchat has written the database."""


class DataInUse(StorageError):
    """Another process holds the lock of the data."""


class BackupFailed(StorageError):
    """No backup was written."""


class BadBackup(StorageError):
    """The file cannot be restored."""


class NotFound(StorageError):
    """This server has nothing of that name or number."""


class Taken(StorageError):
    """The text is a phrasing of another answer already."""


class Unstorable(StorageError):
    """The text holds what no database takes, or too much."""


class Conflict(StorageError):
    """Somebody else was faster; nothing was saved."""
