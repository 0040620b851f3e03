import pytest


@pytest.mark.documented("seed 003, 'Get'")
def test_a_ticket_is_read_by_its_id(psa):
    answer = psa.get("/service/tickets/5000")

    assert answer.status_code == 200
    assert answer.json["id"] == 5000
