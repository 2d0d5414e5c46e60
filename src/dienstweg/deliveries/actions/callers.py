"""Who calls us: proven by the connection's own connector."""

from dienstweg.deliveries import port
from dienstweg.deliveries.actions.connections import connection_named, connector_of
from dienstweg.deliveries.errors import MayNotBegin


def prove_caller(*, connection_slug: str, call: port.Call) -> None:
    """Return if ``call`` comes from a back office that may begin drafts.

    In the scope of one authority. Raises `dienstweg.deliveries.errors.NoSuchConnection`,
    `MayNotBegin` and `dienstweg.deliveries.port.Untrusted`.
    """
    connector = connector_of(connection_named(connection_slug))
    if "begins" not in connector.capabilities:
        raise MayNotBegin
    prover: port.Prover = connector  # type: ignore[assignment]  # its capability says so
    prover.prove(call)
