"""What clients raise when an endpoint is down, refuses or talks nonsense, as one line that says what to do."""

import sys
from collections.abc import Iterator

from langchain_core.messages import AIMessage, BaseMessage

from core.errors import OperatorFixableError
from core.settings import Settings
from language.constrained.model import NONSENSE, ConstrainedChatModel, UnreadableReplyError

# The root of what each client raises; a client that is not installed raises nothing.
_ROOTS = (
    ("openai", "OpenAIError"),
    ("httpx", "HTTPError"),
    ("httpx2", "HTTPError"),
    ("anthropic", "AnthropicError"),
    ("groq", "GroqError"),
    ("ollama", "ResponseError"),
)
_BY_STATUS = {
    400: "refused",
    401: "key",
    403: "key",
    404: "name",
    413: "refused",
    422: "refused",
    429: "limit",
}
_WHY = {
    "down": (
        "The configured language model did not answer. Check DEALHAND_MODEL_BASE_URL and that the endpoint runs.",
        "配置的语言模型没有响应。请检查 DEALHAND_MODEL_BASE_URL 以及服务是否运行。",
    ),
    "late": (
        "The configured language model did not answer within {seconds:g} s (DEALHAND_MODEL_TIMEOUT_S).",
        "配置的语言模型在 {seconds:g} 秒内没有响应（DEALHAND_MODEL_TIMEOUT_S）。",
    ),
    "key": (
        "The endpoint of the language model refused the key. Set DEALHAND_MODEL_API_KEY to a valid one.",
        "语言模型的服务拒绝了密钥。请把 DEALHAND_MODEL_API_KEY 设为有效的密钥。",
    ),
    "name": (
        "The endpoint does not know the model {model}. Check DEALHAND_MODEL and DEALHAND_MODEL_BASE_URL.",
        "服务中没有模型 {model}。请检查 DEALHAND_MODEL 和 DEALHAND_MODEL_BASE_URL。",
    ),
    "limit": (
        "The endpoint of the language model takes no more requests for now (limit or quota).",
        "语言模型的服务暂不接受更多请求（限流或额度）。",
    ),
    "refused": (
        "The endpoint of the language model refused the request; the log has its reason.",
        "语言模型的服务拒绝了该请求，原因见日志。",
    ),
    "nonsense": (
        "What came back from the language model cannot be read. Check that DEALHAND_MODEL_BASE_URL is an "
        "OpenAI-compatible address (it often ends in /v1).",
        "语言模型返回的内容无法读取。请检查 DEALHAND_MODEL_BASE_URL 是否为 OpenAI 兼容地址（通常以 /v1 结尾）。",
    ),
}


class ModelUnavailableError(OperatorFixableError):
    """The configured model cannot be used: no key, unknown provider, or nothing answers there."""


def endpoint_errors(model: object) -> tuple[type[BaseException], ...]:
    """What a model raises for an endpoint that is down, refuses, takes too long or talks nonsense."""
    loose = () if isinstance(model, ConstrainedChatModel) else NONSENSE
    return (OSError, UnreadableReplyError, *loose, *_loaded_roots())


def check_readable(message: BaseMessage) -> None:
    """Refuses an answer that consists of nothing but broken tool calls.

    Raises:
        UnreadableReplyError: there is no call that can be made and no text.
    """
    if isinstance(message, AIMessage) and message.invalid_tool_calls and not (message.tool_calls or message.text):
        raise UnreadableReplyError("The arguments of the tool calls are no JSON.")


def explained(error: BaseException, settings: Settings) -> ModelUnavailableError:
    """The error in a sentence for people: what is wrong with the endpoint, and which setting to look at."""
    en, zh = _WHY[_reason(error)]
    filled = {"seconds": settings.model_timeout_s, "model": settings.model}
    return ModelUnavailableError(en.format(**filled), zh=zh.format(**filled))


def _loaded_roots() -> Iterator[type[BaseException]]:
    for module, name in _ROOTS:
        root = getattr(sys.modules.get(module), name, None)
        if isinstance(root, type):
            yield root


def _reason(error: BaseException) -> str:
    if "Timeout" in type(error).__name__:
        return "late"
    if isinstance(error, (UnreadableReplyError, *NONSENSE)):
        return "nonsense"
    return _BY_STATUS.get(getattr(error, "status_code", 0), "down")
