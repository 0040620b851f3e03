"""The courier: one thread that sends what is due, for all tenants, while a server runs.

Without a server nobody has a thread to spare: what is due leaves at the end of the request that
caused it, and a retry with the next request after its time has come.
"""

import threading
import traceback
from collections.abc import Callable, Iterable

from mockserver.core.ledger import LedgerLost
from mockserver.core.tenant import Tenant

#: Attempts for one tenant before the others have their turn.
TURN = 20
#: Clocks can be moved without anybody telling: while something waits, have a look now and then.
LOOK_AGAIN_S = 1.0
JOIN_S = 0.5


class Courier:
    """Sends the due deliveries of all tenants.

    Args:
        tenants: Returns the tenants that there are.
        shared: Tells whether other processes may leave something to be sent.
    """

    def __init__(
        self, tenants: Callable[[], Iterable[Tenant]], shared: Callable[[], bool] = lambda: False
    ) -> None:
        self._tenants, self._shared = tenants, shared
        self._changed = threading.Condition()
        self._called = self._stopped = False
        self._thread: threading.Thread | None = None

    def attend(self, tenant: Tenant) -> None:
        """Send what is due in *tenant*: in the courier's thread, or here when it has none."""
        if not tenant.webhooks.outbox.restless:
            return
        if self._thread is not None:
            self._call()
            return
        try:
            tenant.webhooks.deliver_due()
        except Exception:
            if not tenant.closed:  # removed while the request was under way
                raise

    def start(self) -> None:
        """Send in a thread of its own from now on."""
        if self._thread is None:
            self._stopped = False
            self._thread = threading.Thread(target=self._work, name="cwmock-courier", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End the thread; what waits is left, an attempt that is under way is not waited for."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._stopped = True
            self._call()
            thread.join(JOIN_S)

    def _call(self) -> None:
        with self._changed:
            self._called = True
            self._changed.notify()

    def _work(self) -> None:
        while not self._stopped:
            wait_s = self._round()
            with self._changed:
                if not self._called:
                    self._changed.wait(wait_s)
                self._called = False

    def _round(self) -> float | None:
        """Let every tenant have its turn; return the seconds until there is more to do."""
        try:
            waits_s = [self._served(tenant) for tenant in self._tenants()]
        except LedgerLost:
            waits_s = []  # perhaps the database answers in a moment
        soonest_s = min((wait_s for wait_s in waits_s if wait_s is not None), default=None)
        if self._shared():
            return LOOK_AGAIN_S if soonest_s is None else min(soonest_s, LOOK_AGAIN_S)
        return soonest_s

    def _served(self, tenant: Tenant) -> float | None:
        webhooks = tenant.webhooks
        if not webhooks.outbox.restless or self._stopped:
            return None
        try:
            webhooks.deliver_due(TURN)
            if webhooks.sent_elsewhere:
                return LOOK_AGAIN_S  # to go on where a process ended that was at it
            due_s = webhooks.outbox.next_due_s()
        except Exception:  # noqa: BLE001 - a removed tenant, or a defect: the others still wait
            if not tenant.closed:
                traceback.print_exc()
            return None if tenant.closed else LOOK_AGAIN_S
        if due_s is None:
            return LOOK_AGAIN_S if webhooks.outbox.claimed else None
        clock = tenant.clock
        if clock.frozen:
            return LOOK_AGAIN_S if due_s > clock.timestamp() else 0.0
        return min(max(0.0, clock.real_seconds(due_s - clock.timestamp())), LOOK_AGAIN_S)
