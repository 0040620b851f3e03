# A small image that runs the emulator as nobody in particular; every CWMOCK_ variable configures it.
FROM python:3.13-slim AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY mockserver mockserver
COPY fixtures fixtures
RUN pip install --no-cache-dir --no-compile --prefix=/made ".[postgres]"

FROM python:3.13-slim
RUN useradd --uid 10001 --no-create-home cwmock && install --directory --owner=cwmock /data
COPY --from=build /made /usr/local
# Compiles what a start imports, and only that: the server itself may not write there, and would do it at every start.
RUN cwmock world /tmp/world && rm -r /tmp/world && \
    python -c 'import mockserver.app, mockserver.health, mockserver.ready, mockserver.web.serving, psycopg, uvicorn.server'
WORKDIR /data
USER 10001
ENV CWMOCK_HOST=0.0.0.0 CWMOCK_PORT=8080 PYTHONUNBUFFERED=1
EXPOSE 8080
# Asks the control plane, which no fault strikes; knows from the same variables where and how the server listens.
HEALTHCHECK --interval=5s --timeout=3s --start-period=20s CMD ["python", "-m", "mockserver.health"]
ENTRYPOINT ["cwmock"]
CMD ["serve"]
