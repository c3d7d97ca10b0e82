"""Where errors that nobody foresaw go: the log file in the home folder, and one line on standard error."""

import logging
import secrets
import time
from pathlib import Path

LOG_FILE = "dealhand.log"


class IncidentLog(logging.Handler):
    """Appends records with their stack traces to the log file; makes folder and file with the first record."""

    def emit(self, record: logging.LogRecord) -> None:
        """Writes one record; a log that cannot be written stops nobody."""
        from core.errors import DealhandError

        try:
            path = log_file()
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("a", encoding="utf-8", errors="replace") as file:
                moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created))
                file.write(f"{moment} {record.levelname} {self.format(record)}\n")
        except (OSError, DealhandError):
            return


def log_file() -> Path:
    """The log file of the configured home folder; it may not exist yet."""
    from core.settings import load_settings

    return load_settings().home_dir / LOG_FILE


def keep_incidents() -> None:
    """Sends what Dealhand logs to the log file instead of the terminal."""
    logger = logging.getLogger("dealhand")
    if not any(isinstance(handler, IncidentLog) for handler in logger.handlers):
        logger.addHandler(IncidentLog())
    logger.propagate = False


def unforeseen(error: BaseException) -> str:
    """Logs a mistake of ours and gives the line that names it."""
    number = secrets.token_hex(4)
    logging.getLogger("dealhand").error("incident %s: %s", number, error, exc_info=error)
    return (
        f"something broke on our side; nothing is half done. Incident {number} in {LOG_FILE} of the home folder."
    )
