"""Charts of a reply as pictures in its thread; without a painter the table beside each has to do."""

from agent import Reply
from core.parts import Chart
from integrations.slack.calls import attempt
from integrations.slack.place import Place
from integrations.slack.render.text import cut
from integrations.slack.service import Slack


def add_charts(slack: Slack, place: Place, reply: Reply, key: str) -> None:
    """Uploads each chart that is not there yet."""
    if slack.draw_chart is None:
        return
    for number, chart in enumerate(reply.of_type(Chart)):
        name = f"{key}:chart:{number}"
        if slack.log.seen(name):
            continue
        picture = slack.draw_chart(chart)
        uploaded = attempt(
            lambda chart=chart, picture=picture: slack.client(place).files_upload_v2(  # type: ignore[misc]
                channel=place.channel,
                thread_ts=place.thread or None,
                content=picture,
                filename="chart.png",
                title=cut(chart.title, 200),
                alt_txt=_described(chart),
            )
        )
        if uploaded is not None:
            slack.log.remember(name, place.workspace)


def _described(chart: Chart) -> str:
    values = chart.series[0].values if chart.series else ()
    pairs = (f"{label} {value:,.0f}" for label, value in zip(chart.labels, values, strict=False))
    return cut(f"{chart.title}: " + ", ".join(pairs), 900)
