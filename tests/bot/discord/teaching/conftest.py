"""The databases on which the life of an answer is tried."""

from storage_fixtures import fixtures_of_storage

globals().update(fixtures_of_storage("answers_on_discord"))
