"""The way out: the only place in our code that calls another machine.

A `Client` belongs to one connection and knows whom it may call. It follows no redirect, reads no
proxy from the environment, refuses private addresses unless the connection allows them, and is
bounded in time and size. The address that was checked is the address that is connected to, so a
name that resolves differently a moment later gains nothing.
"""

import ipaddress
import json
import socket
import ssl
import time
from collections.abc import Collection, Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpcore

LIMIT = 1024 * 1024
"""Bytes of an answer that are read at most."""
_CONNECTIONS = 20
_KEEP_SECONDS = 20.0
_DEFAULT_PORTS = {"https": 443, "http": 80}
_FROM_NAT64 = ipaddress.ip_network("64:ff9b::/96")

_deadline: ContextVar[float] = ContextVar("dienstweg_http_deadline")


class Unreachable(Exception):
    """No usable answer came: no connection, too slow, cut off, or too big. May be tried again."""


class Refused(Exception):
    """The call was not made, or its answer not followed: it leads where we may not go."""


class NotJson(ValueError):
    """The body of an answer is not JSON."""


@dataclass(frozen=True, slots=True)
class Response:
    """An answer: status, headers with lower-case names, and the whole body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """Return the body as JSON; raises `NotJson`."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise NotJson from error


class Client:
    """Calls the origins it was made for, over connections that it keeps open.

    ``allowed`` are origins such as ``https://payment.example:8443``; ``private`` admits private
    and loopback addresses. ``connect`` and ``read`` are seconds for a connection and between two
    bytes, ``overall`` for the whole call, ``limit`` bytes of an answer. Safe for threads.
    """

    def __init__(
        self,
        allowed: Collection[str],
        *,
        private: bool = False,
        connect: float = 3.0,
        read: float = 10.0,
        overall: float = 30.0,
        limit: int = LIMIT,
    ) -> None:
        self._allowed = frozenset(origin(one) for one in allowed)
        self._timeouts = {"connect": connect, "read": read, "write": read, "pool": read}
        self._overall = overall
        self._limit = limit
        self._pool = httpcore.ConnectionPool(
            ssl_context=ssl.create_default_context(),
            max_connections=_CONNECTIONS,
            max_keepalive_connections=_CONNECTIONS,
            keepalive_expiry=_KEEP_SECONDS,
            network_backend=_GuardedNetwork(private=private),
        )

    def request(
        self,
        method: str,
        url: str,
        *,
        json: Any = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Make one call and return its answer, whatever its status.

        Raises `Refused` (an origin not allowed, a private address, a redirect) and `Unreachable`.
        """
        self._must_be_allowed(url)
        body, sent = _prepared(url, json, content, headers or {})
        token = _deadline.set(time.monotonic() + self._overall)
        try:
            return self._call(method, url, body, sent)
        except (httpcore.TimeoutException, httpcore.NetworkError) as error:
            raise Unreachable(type(error).__name__) from error
        except (httpcore.ProtocolError, httpcore.UnsupportedProtocol) as error:
            raise Unreachable(type(error).__name__) from error
        finally:
            _deadline.reset(token)

    def close(self) -> None:
        """Give the connections back."""
        self._pool.close()

    def _must_be_allowed(self, url: str) -> None:
        try:
            asked = origin(url)
        except ValueError as error:
            raise Refused("not a usable address") from error
        if asked not in self._allowed:
            raise Refused("this origin is not in the list of those allowed")

    def _call(
        self, method: str, url: str, body: bytes, headers: list[tuple[bytes, bytes]]
    ) -> Response:
        extensions = {"timeout": dict(self._timeouts)}
        with self._pool.stream(
            method.encode("ascii"), url, headers=headers, content=body, extensions=extensions
        ) as answer:
            names = _headers(answer.headers)
            if names.get("content-encoding", "identity") != "identity":
                raise Unreachable("compressed although not asked for")
            if 300 <= answer.status < 400 and "location" in names:
                raise Refused("redirected elsewhere")
            return Response(answer.status, names, self._bounded(answer.iter_stream()))

    def _bounded(self, chunks: Iterable[bytes]) -> bytes:
        body = bytearray()
        for chunk in chunks:
            body += chunk
            if len(body) > self._limit:
                raise Unreachable("the answer is too big")
        return bytes(body)


def origin(url: str) -> str:
    """Return scheme, host and port of ``url`` in one spelling; raises ValueError."""
    parts = urlsplit(url)
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or parts.username is not None:
        raise ValueError("expected http(s)://host[:port]")
    host = parts.hostname.rstrip(".").lower()
    return f"{parts.scheme}://{host}:{parts.port or _DEFAULT_PORTS[parts.scheme]}"


def _prepared(
    url: str, value: Any, content: bytes | None, headers: Mapping[str, str]
) -> tuple[bytes, list[tuple[bytes, bytes]]]:
    """Return body and headers as they go out; raises `Refused` for ones that cannot."""
    sent = {
        "host": urlsplit(url).netloc,
        "user-agent": "Dienstweg",
        "accept-encoding": "identity",
        **{name.lower(): text for name, text in headers.items()},
    }
    body = content if content is not None else b""
    if value is not None:
        body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        sent.setdefault("content-type", "application/json")
    sent["content-length"] = str(len(body))
    try:
        return body, [(name.encode("ascii"), text.encode("ascii")) for name, text in sent.items()]
    except UnicodeEncodeError as error:
        raise Refused("a header that is not ASCII") from error


def _headers(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    joined: dict[str, str] = {}
    for name, value in raw:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        joined[key] = f"{joined[key]}, {text}" if key in joined else text
    return joined


def may_call(address: str, *, private: bool) -> bool:
    """Tell whether a resolved ``address`` may be connected to; local ones only if ``private``.

    Link-local addresses (the metadata services of clouds), multicast and unspecified ones never
    are; an IPv4 address inside an IPv6 one is judged by itself.
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if inner is None and ip in _FROM_NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return may_call(str(inner), private=private)
    if ip.is_multicast or ip.is_unspecified or ip.is_link_local:
        return False
    return ip.is_global or (private and (ip.is_private or ip.is_loopback))


class _GuardedNetwork(httpcore.NetworkBackend):
    """Resolves a name once, checks every address, and connects to a checked one."""

    def __init__(self, *, private: bool) -> None:
        self._private = private
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of ``host`` that answers, among those allowed."""
        failure: Exception = httpcore.ConnectError("no address")
        for address in self._addresses(host, port):
            try:
                options = [(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)]
                stream = self._inner.connect_tcp(
                    address, port, _remaining(timeout), local_address, options
                )
                return _TimedStream(stream)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    def _addresses(self, host: str, port: int) -> list[str]:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError("the name does not resolve") from error
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        allowed = [one for one in addresses if may_call(one, private=self._private)]
        if not allowed:
            raise Refused("the name leads to a private address")
        return allowed


class _TimedStream(httpcore.NetworkStream):
    """A connection on which nothing takes longer than what is left of the whole call."""

    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what is there, within what is left of the call."""
        return self._inner.read(max_bytes, _remaining(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write, within what is left of the call."""
        self._inner.write(buffer, _remaining(timeout))

    def close(self) -> None:
        """Close the connection."""
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """Agree on TLS, and stay timed."""
        inner = self._inner.start_tls(ssl_context, server_hostname, _remaining(timeout))
        return _TimedStream(inner)

    def get_extra_info(self, info: str) -> Any:
        """Return what the connection knows about itself."""
        return self._inner.get_extra_info(info)


def _remaining(timeout: float | None) -> float:
    """Return the seconds that one step may take; raises when the call has none left."""
    left = _deadline.get() - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the whole call takes too long")
    return left if timeout is None else min(left, timeout)
