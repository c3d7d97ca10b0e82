"""From the model setting to a LangChain chat model, with one clear line when that cannot be."""

from collections.abc import Callable
from typing import Any

from langchain_core.language_models import BaseChatModel

from agent.endpoint_errors import ModelUnavailableError, endpoint_errors, explained
from agent.tokens import estimate
from core.settings import Settings
from language.builtin.model import BuiltinChatModel
from language.builtin.situation import Situation
from language.constrained.model import ConstrainedChatModel

BUILTIN = "builtin"
ModelFactory = Callable[[Situation], BaseChatModel]


def model_factory(settings: Settings, name: str) -> ModelFactory:
    """Makes the chat model of that name for each turn: a fresh built-in one, or one shared client.

    Raises:
        ModelUnavailableError: the model cannot be set up; says what to do.
    """
    if name == BUILTIN:
        return lambda situation: BuiltinChatModel(situation=situation)
    client = _remote(settings, name)
    if settings.model_mode == "constrained":
        return lambda situation: ConstrainedChatModel(client=client, situation=situation, estimate=estimate)
    return lambda situation: client


def wording_model(settings: Settings) -> Callable[[str, str], str] | None:
    """What words a text by instructions with the configured large model; None where only the built-in one is set.

    The function raises ModelUnavailableError when the model cannot be reached or refuses.
    """
    if settings.model == BUILTIN:
        return None
    client = _remote(settings, settings.model)

    def words(instructions: str, text: str) -> str:
        try:
            return str(client.invoke([("system", instructions), ("human", text)]).text)
        except endpoint_errors(client) as error:
            raise explained(error, settings) from error

    return words


def _remote(settings: Settings, name: str) -> BaseChatModel:
    from langchain.chat_models import init_chat_model

    provider, _, model = name.partition(":")
    options: dict[str, Any] = {
        "timeout": settings.model_timeout_s,
        "max_retries": settings.model_retries,
        "max_tokens": settings.model_max_tokens,
        "temperature": 0,
    }
    if settings.model_base_url:
        options["base_url"] = settings.model_base_url
        options["api_key"] = "not-needed"
    if settings.model_base_url and provider == "openai":
        # Endpoints of others: the older protocol and the older name of the limit, which all of them know.
        options |= {"stream_usage": True, "use_responses_api": False}
        options["extra_body"] = {"max_tokens": options.pop("max_tokens")}
    if settings.model_api_key.get_secret_value():
        options["api_key"] = settings.model_api_key.get_secret_value()
    try:
        client: BaseChatModel = init_chat_model(model, model_provider=provider, **options)
        return client
    except ImportError as error:
        raise ModelUnavailableError(
            f"The model {name} needs a package that is not installed ({error.name}): "
            f"pip install langchain-{provider.replace('_', '-')}, or set DEALHAND_MODEL=builtin."
        ) from error
    except _setup_errors() as error:
        raise ModelUnavailableError(
            f"The model {name} cannot be set up: no key or an unknown provider. Set the provider's key "
            f"(for OpenAI: OPENAI_API_KEY) or DEALHAND_MODEL_API_KEY, or set DEALHAND_MODEL=builtin."
        ) from error


def _setup_errors() -> tuple[type[Exception], ...]:
    from openai import OpenAIError

    return (OpenAIError, ValueError)
