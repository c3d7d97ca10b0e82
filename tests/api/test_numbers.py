"""Numbers over HTTP are those of the chat: the same metrics, forecast and scopes."""

from tests.api.conftest import REP


def read(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return answer


def test_numbers_are_those_of_the_chat(site):
    rep = site.client(REP)
    figure = read(rep, "/v1/metrics/pipeline_value?scope=me").json()["result"]["results"][0]
    assert (figure["number"], figure["n"]) == (1_099_000.0, 11)
    found = read(rep, "/v1/forecast?period=this quarter").json()
    assert float(found["figures"]["closed"]) == 482_400
    assert found["range"] is not None
    assert rep.get("/v1/forecast?scope=company").status_code in (409, 422)
    names = {each["name"] for each in read(rep, "/v1/metrics").json()["items"]}
    assert {"pipeline_value", "quota"} <= names
    assert "campaign_roi" not in names
