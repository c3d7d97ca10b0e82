"""Opens the embedder that the settings name. A new kind is its file and one line here."""

from collections.abc import Callable
from difflib import get_close_matches

from core.settings import InvalidSettingError, Settings
from memory.embedders.protocol import Embedder


def open_embedder(settings: Settings) -> Embedder:
    """The embedder of `DEALHAND_MEMORY_EMBEDDER`; its model is loaded later, at the first text.

    Raises:
        InvalidSettingError: there is no such kind, or its model is missing.
    """
    kind, _, model = settings.memory_embedder.strip().partition(":")
    if kind not in _KINDS:
        near = get_close_matches(kind, _KINDS, n=1)
        hint = f" Did you mean “{near[0]}”?" if near else ""
        raise InvalidSettingError(
            f"DEALHAND_MEMORY_EMBEDDER: there is no embedder “{kind}”; there are: {', '.join(_KINDS)}.{hint}"
        )
    if kind != "bundled" and not model:
        raise InvalidSettingError(f"DEALHAND_MEMORY_EMBEDDER: “{kind}” needs a model, as in {kind}:NAME.")
    return _KINDS[kind](model, settings)


def _bundled(model: str, settings: Settings) -> Embedder:
    from memory.embedders.bundled import BundledEmbedder

    return BundledEmbedder()


def _transformer(model: str, settings: Settings) -> Embedder:
    from memory.embedders.transformer import TransformerEmbedder

    return TransformerEmbedder(model)


def _endpoint(model: str, settings: Settings) -> Embedder:
    from memory.embedders.endpoint import EndpointEmbedder

    return EndpointEmbedder(
        model,
        base_url=settings.memory_base_url,
        api_key=settings.memory_api_key.get_secret_value(),
        timeout_s=settings.model_timeout_s,
    )


_KINDS: dict[str, Callable[[str, Settings], Embedder]] = {
    "bundled": _bundled,
    "sentence-transformers": _transformer,
    "openai": _endpoint,
}
