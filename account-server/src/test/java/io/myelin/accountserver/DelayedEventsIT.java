package io.myelin.accountserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.myelin.accountserver.storage.StoredDelayedEvents;
import io.myelin.contracts.account.AccountContracts;
import io.myelin.contracts.account.DelayedEvents;
import io.myelin.contracts.account.DelayedEvents.Due;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.postgres.ServiceDatabase;
import io.myelin.server.rpc.TwoProcesses;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedServer.class)
class DelayedEventsIT {

    @Nested
    class InTheSameProcess extends DelayedEventsContract {
        private final DelayedEvents events;

        InTheSameProcess(Accounts accounts) {
            super(accounts);
            events = accounts.server().bean(StoredDelayedEvents.class);
        }

        @Override
        DelayedEvents events() {
            return events;
        }
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class OverHttp extends DelayedEventsContract {
        @AutoClose
        private final TwoProcesses processes;

        private final DelayedEvents events;

        OverHttp(Accounts accounts) {
            super(accounts);
            processes = TwoProcesses.serving(
                    AccountContracts.DELAYED_EVENTS, accounts.server().bean(StoredDelayedEvents.class));
            events = processes.proxy(AccountContracts.DELAYED_EVENTS);
        }

        @Override
        DelayedEvents events() {
            return events;
        }
    }

    /** A writer that died: its claims end, and another claims the same events. */
    @Test
    void claimsEndByThemselves(Accounts accounts) {
        try (var tables = accounts.server().bean(ServiceDatabase.class).unsharded(2)) {
            var events = new StoredDelayedEvents(tables, TwoProcesses.SHARDS);
            User user = accounts.register();
            var event = new DelayedEvents.DelayedEvent(
                    "dead" + user.name(),
                    null,
                    1,
                    RoomId.parse("!room:localhost"),
                    "m.room.message",
                    null,
                    new byte[] {'{', '}'},
                    1,
                    0);
            events.schedule(UserId.parse(user.id()), event, null, 10);
            await().until(() -> !events.claimDue(1_000, 1).due().isEmpty());
            assertThat(events.cancel(event.id(), null)).isEqualTo(DelayedEvents.Found.BEING_SENT);
            await().untilAsserted(() -> {
                List<Due> due = events.claimDue(1_000, 1).due();
                assertThat(due).anyMatch(one -> one.event().id().equals(event.id()) && one.claim() > 1);
            });
        }
    }
}
