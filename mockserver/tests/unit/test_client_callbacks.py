"""Checking signatures, and the receiver, on sockets of their own."""

import base64
import hashlib
import hmac
import json

import pytest
import requests

from mockserver.client.callbacks import (
    CallbackReceiver,
    KeyFetcher,
    UntrustedKeyUrlError,
    key_url,
    signature_of,
    verify_signature,
)

BODY = json.dumps({"ID": 1, "Metadata": {"key_url": "http://127.0.0.1:1/k"}}).encode()


def test_a_signature_is_keyed_with_the_digest_of_the_signing_key():
    key = hashlib.sha256(b"secret").digest()
    expected = base64.b64encode(hmac.new(key, BODY, hashlib.sha256).digest()).decode()

    assert signature_of(BODY, "secret") == expected
    assert verify_signature(BODY, expected, "secret")


@pytest.mark.parametrize("signature", [None, "", "?", "YQ==", "ä", signature_of(BODY, "other")])
def test_any_other_signature_is_refused(signature):
    assert verify_signature(BODY, signature, "secret") is False


def test_a_changed_byte_breaks_the_signature():
    assert verify_signature(BODY + b" ", signature_of(BODY, "secret"), "secret") is False


def test_the_key_is_found_by_the_url_in_the_body():
    asked = []
    sent = signature_of(BODY, "secret")

    assert verify_signature(BODY, sent, lambda url: asked.append(url) or "secret")
    assert asked == ["http://127.0.0.1:1/k"]


@pytest.mark.parametrize("body", [b"", b"null", b"[1]", b'{"Metadata": 1}', b"\xff"])
def test_a_body_that_names_no_key_is_refused(body):
    assert key_url(body) is None
    assert verify_signature(body, signature_of(body, "secret"), lambda _url: "secret") is False


@pytest.mark.parametrize("url", ["http://evil.example/k", "file:///etc/passwd", "http:///k", "k"])
def test_only_trusted_hosts_are_asked_for_keys(url):
    with pytest.raises(UntrustedKeyUrlError):
        KeyFetcher()(url)


def test_the_receiver_keeps_what_came_and_answers_what_it_was_told():
    with CallbackReceiver("secret") as receiver:
        receiver.answer(503)
        signed = {"x-content-signature": signature_of(BODY, "secret")}
        answers = [
            requests.post(f"{receiver.url}7&action=added", BODY, headers=headers, timeout=5)
            for headers in (signed, signed, {})
        ]
        came = receiver.wait_for(3)

    assert [answer.status_code for answer in answers] == [503, 204, 401]
    assert [each.verified for each in came] == [True, True, False]
    assert came[0].query == {"id": "7", "action": "added"}
    assert came[0].json["ID"] == 1


def test_waiting_in_vain_says_what_is_missing():
    with CallbackReceiver() as receiver, pytest.raises(TimeoutError, match="0 of 1"):
        receiver.wait_for(1, timeout_s=0.01)
