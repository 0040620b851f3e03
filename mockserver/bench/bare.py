"""What the emulator is compared with: a Flask app without anything, behind the same server."""

import gc

from flask import Flask, Response, request

from mockserver.web.serving import Server

BODY_LIMIT_BYTES = 64 * 1024 * 1024


def bare_app() -> Flask:
    """Return an app that says hello, and says again at ``/constant`` what was put there."""
    app = Flask("bare", static_folder=None)
    kept = {"constant": b""}

    @app.get("/")
    def hello() -> str:
        return "hello"

    @app.get("/constant")
    def constant() -> Response:
        return Response(kept["constant"], content_type="application/json; charset=utf-8")

    @app.put("/constant")
    def keep() -> Response:
        kept["constant"] = request.get_data()
        return Response(status=204)

    return app


def main() -> None:
    """Serve on a free port, print it, and run until killed."""
    server = Server(bare_app(), body_limit_bytes=BODY_LIMIT_BYTES)
    # As the emulator's command does.
    gc.freeze()
    server.run(lambda: print(server.port, flush=True))


if __name__ == "__main__":
    main()
