"""Load scenarios that judge a client's retry conduct."""
