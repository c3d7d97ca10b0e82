"""Every setting of Dealhand, read from the environment (`DEALHAND_…`) or an `.env` file in the home folder."""

from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.errors import OperatorFixableError


class InvalidSettingError(OperatorFixableError):
    """A setting has a value that cannot be read; the message names the variable."""


def _also(name: str, common: str) -> AliasChoices:
    """The setting's own variable, then the one that Slack's libraries use."""
    return AliasChoices(f"DEALHAND_{name.upper()}", common, name)


class Settings(BaseSettings):
    """Where things are and which model answers. One field is one setting; docs are generated from here."""

    model_config = SettingsConfigDict(env_prefix="DEALHAND_", extra="ignore")

    home: Path = Field(default=Path("~/.dealhand"), description="Folder of the database, logs and chat history.")
    database_url: str = Field(
        default="",
        description="SQLAlchemy URL of the store; empty means SQLite in the home folder. "
        "Example: postgresql+psycopg://user:secret@host/dealhand",
    )
    model: str = Field(
        default="builtin",
        min_length=1,
        description="`builtin` (no key, no network), `openai:NAME`, or any LangChain provider string.",
    )
    model_mode: Literal["tools", "constrained"] = Field(
        default="tools",
        description="`tools`: the model calls tools; `constrained`: a small local model answers in JSON once, "
        "and chooses among what was found in the message.",
    )
    model_base_url: str = Field(default="", description="Base URL of an OpenAI-compatible endpoint.")
    model_api_key: SecretStr = Field(
        default=SecretStr(""), description="Key of the endpoint; the provider's own variable works too."
    )
    model_timeout_s: float = Field(default=30.0, gt=0, description="Seconds to wait for one model call.")
    model_retries: int = Field(default=2, ge=0, le=10, description="Further tries of a failed model call.")
    model_fallback: str = Field(
        default="builtin",
        description="Model that answers when the first cannot be reached; empty means none.",
    )
    model_max_calls: int = Field(default=8, ge=1, le=50, description="Model calls in one turn at most.")
    model_max_tokens: int = Field(default=1500, ge=64, description="Tokens of one model answer at most.")
    confirm_small_changes: bool = Field(
        default=False, description="Ask for a yes before every change, not only those that policy lists."
    )
    ask_amount_percent: int = Field(
        default=25, ge=0, description="An amount change above this share (in percent) …"
    )
    ask_amount_over: int = Field(
        default=10_000, ge=0, description="… and above this much (in base currency) waits for a yes."
    )
    approval_hours: int = Field(
        default=24, ge=1, description="Hours until an unanswered request for a yes expires."
    )
    max_message_chars: int = Field(
        default=20_000, ge=1000, description="Longest message that is read, in characters."
    )
    history_turns: int = Field(
        default=8, ge=1, le=50, description="Earlier turns of the conversation kept in context."
    )
    suggest_after_log: bool = Field(
        default=True, description="Name the next best action in one line after a conversation was logged."
    )
    fiscal_year_first_month: int = Field(default=1, ge=1, le=12, description="First month of the fiscal year.")
    ltv_margin_percent: int = Field(
        default=100, ge=0, le=100, description="Margin in percent that customer lifetime value is computed with."
    )
    ltv_years: float = Field(default=3.0, gt=0, description="Years that a customer stays, for the lifetime value.")
    memory_enabled: bool = Field(
        default=True, description="Search interactions by meaning as well as by words, where an index was built."
    )
    memory_feed: bool = Field(
        default=True, description="Take what was logged into the index after each change, in the background."
    )
    memory_embedder: str = Field(
        default="bundled",
        description="`bundled` (no network, no torch), `sentence-transformers:NAME_OR_FOLDER` "
        "(extra `embeddings`), or `openai:MODEL` for an OpenAI-compatible endpoint.",
    )
    memory_base_url: str = Field(default="", description="Base URL of the endpoint of `openai:MODEL` embeddings.")
    memory_api_key: SecretStr = Field(default=SecretStr(""), description="Key of that endpoint.")
    memory_chroma_url: str = Field(
        default="local",
        description="`local` (a folder in the home folder, one process at a time), the URL of a Chroma "
        "server, or empty: no Chroma, vectors in the database only.",
    )
    delivery_channel: str = Field(
        default="",
        description="Where briefings, reminders and notices go when the person chose nothing: `slack`, `email`, "
        "`file` (a folder in the home folder) or `terminal`; empty means nowhere, and no briefing by default.",
    )
    briefing_rule: str = Field(
        default="mon-fri 08:30",
        description="When everyone is briefed who set no time of their own; empty means only those who did.",
    )
    briefing_wording: bool = Field(
        default=False,
        description="Let the configured large model word delivered briefings. A line with another number or name than "
        "the composed one is sent as composed.",
    )
    catch_up_hours: float = Field(
        default=4.0,
        ge=0,
        le=72,
        description="A briefing or notice that is late by no more than this is sent once and marked late; a later "
        "one is skipped and logged. Reminders are sent up to a day late.",
    )
    lead_answer_hours: float = Field(
        default=24.0,
        ge=0,
        description="Hours after which a lead's owner hears that nobody answered it; 0: never.",
    )
    urgent_ticket_hours: float = Field(
        default=8.0, ge=0, description="Hours after which whoever works on an urgent ticket is told; 0: never."
    )
    smtp_url: SecretStr = Field(
        default=SecretStr(""),
        description="Mail server of the channel `email`: smtp://user:secret@host:587 or smtps://host.",
    )
    smtp_sender: str = Field(default="", description="Sender's address of the channel `email`.")
    smtp_copies_url: SecretStr = Field(
        default=SecretStr(""),
        description="Optional mailbox (imaps://user:secret@host) of the sender's address; it gets a copy of each "
        "mail, so that after a crash it can be looked up whether a mail went out.",
    )

    serve_host: str = Field(
        default="127.0.0.1", description="Address that `dealhand serve` listens on; only this machine by default."
    )
    serve_port: int = Field(default=8420, ge=0, le=65535, description="Port of `dealhand serve`; 0: a free one.")
    serve_workers: int = Field(
        default=1,
        ge=1,
        le=64,
        description="Processes of `dealhand serve`; one for each core serves many readers at once. Where Slack comes "
        "over HTTP it is always one.",
    )
    public_url: str = Field(
        default="",
        description="Address under which people reach the page, behind a proxy for example "
        "(https://crm.example.com); with https, cookies are sent over https only.",
    )
    session_hours: int = Field(default=12, ge=1, le=720, description="Hours until someone has to sign in again.")
    requests_per_minute: int = Field(
        default=600, ge=1, description="Requests a minute of one token or session, in one process; more wait."
    )
    sign_ins_per_minute: int = Field(
        default=10,
        ge=1,
        description="Attempts to sign in a minute from one address, and for one person; more wait. Raise it where "
        "many people come from one address.",
    )
    max_upload_mb: int = Field(default=50, ge=1, le=1000, description="Largest request body, in MB.")
    oidc_issuer: str = Field(
        default="", description="Issuer of single sign-on (OpenID Connect); empty: passwords only."
    )
    oidc_client_id: str = Field(default="", description="Client id that the issuer gave for Dealhand.")
    oidc_client_secret: SecretStr = Field(default=SecretStr(""), description="Client secret that goes with it.")
    oidc_name: str = Field(default="Single sign-on", description="What the button for it says.")
    whisper_model: Path | None = Field(
        default=None,
        description="Folder of a faster-whisper model for voice notes (extra `speech`); see docs/voice.md.",
    )
    speech_model: str = Field(
        default="", description="Model of an OpenAI-compatible transcription endpoint, instead of a folder."
    )
    speech_base_url: str = Field(default="", description="Base URL of that endpoint.")
    speech_api_key: SecretStr = Field(default=SecretStr(""), description="Key of that endpoint.")
    slack_bot_token: SecretStr = Field(
        default=SecretStr(""),
        validation_alias=_also("slack_bot_token", "SLACK_BOT_TOKEN"),
        description="Bot token (`xoxb-…`) of the Slack app in one workspace; empty with OAuth. "
        "`SLACK_BOT_TOKEN` works too.",
    )
    slack_app_token: SecretStr = Field(
        default=SecretStr(""),
        validation_alias=_also("slack_app_token", "SLACK_APP_TOKEN"),
        description="App-level token (`xapp-…`) for Socket Mode. `SLACK_APP_TOKEN` works too.",
    )
    slack_signing_secret: SecretStr = Field(
        default=SecretStr(""),
        validation_alias=_also("slack_signing_secret", "SLACK_SIGNING_SECRET"),
        description="Signing secret of the Slack app, for events over HTTP. `SLACK_SIGNING_SECRET` works too.",
    )
    slack_client_id: str = Field(
        default="",
        validation_alias=_also("slack_client_id", "SLACK_CLIENT_ID"),
        description="Client id of the Slack app, to install it in several workspaces (OAuth).",
    )
    slack_client_secret: SecretStr = Field(
        default=SecretStr(""),
        validation_alias=_also("slack_client_secret", "SLACK_CLIENT_SECRET"),
        description="Client secret of the Slack app, to install it in several workspaces (OAuth).",
    )
    slack_api_url: str = Field(
        default="https://slack.com/api/",
        validation_alias=_also("slack_api_url", "SLACK_API_URL"),
        description="Where Slack's Web API is. `SLACK_API_URL` works too.",
    )
    slack_config_token: SecretStr = Field(
        default=SecretStr(""),
        description="App configuration token (`xoxe.xoxp-…`), only for `dealhand doctor` to name missing events.",
    )
    secret_key: SecretStr = Field(
        default=SecretStr(""),
        description="Key that seals the tokens of Slack workspaces in the database: 32 random bytes in URL-safe "
        "base64; after a comma earlier keys, which only open. Empty: a file `secret.key` in the home folder, made "
        "on first use. Several machines on one database need the same key.",
    )
    slack_turns_at_once: int = Field(
        default=8, ge=1, le=64, description="Turns from Slack that one process works on at once."
    )

    @cached_property
    def home_dir(self) -> Path:
        """The home folder as an absolute path; it may not exist yet."""
        return self.home.expanduser().absolute()

    @property
    def resolved_database_url(self) -> str:
        """The store's URL, with the default in the home folder filled in."""
        return self.database_url or f"sqlite:///{self.home_dir / 'dealhand.sqlite3'}"


def load_settings() -> Settings:
    """Settings from the environment, then from `.env` in the home folder.

    Raises:
        InvalidSettingError: a value, or the file, cannot be read; names the variable or the file.
    """
    try:
        home = Settings().home_dir
        return _with_file(home / ".env")
    except ValidationError as error:
        first = error.errors()[0]
        name = "DEALHAND_" + "_".join(str(part) for part in first["loc"]).upper()
        raise InvalidSettingError(f"{name}: {first['msg']}") from error


def _with_file(path: Path) -> Settings:
    try:
        return Settings(_env_file=path)
    except (UnicodeDecodeError, OSError) as error:
        raise InvalidSettingError(f"{path} cannot be read; it has to be a text file in UTF-8.") from error
