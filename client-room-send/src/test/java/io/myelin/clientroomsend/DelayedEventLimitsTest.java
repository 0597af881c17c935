package io.myelin.clientroomsend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.clientroomsend.delayed.ScheduledEvents;
import io.myelin.clientroomsend.delayed.ScheduledEvents.Action;
import io.myelin.clientroomsend.directory.CanonicalAliases;
import io.myelin.clientroomsend.limit.WriteLimits;
import io.myelin.clientroomsend.lookup.LocalServerCheck;
import io.myelin.clientroomsend.lookup.Profiles;
import io.myelin.clientroomsend.lookup.RoomStates;
import io.myelin.clientroomsend.membership.GuestAccess;
import io.myelin.clientroomsend.membership.InvitePermissions;
import io.myelin.clientroomsend.send.Events;
import io.myelin.clientroomsend.send.Suspension;
import io.myelin.contracts.account.Session;
import io.myelin.settings.DelayedEventSettings;
import io.myelin.settings.RateLimitSettings;
import io.myelin.web.AttemptLimit;
import io.myelin.web.MatrixException;
import io.myelin.web.RateLimits;
import io.myelin.web.address.ClientAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whose budget requests about delayed events cost. */
class DelayedEventLimitsTest {
    private static final Session ALICE = new Session(RunningWriter.ALICE, "DEVICE", false, false, 1);
    private static final ClientAddress STRANGER = new ClientAddress("203.0.113.7", false);
    private static final ClientAddress SERVICE = new ClientAddress("198.51.100.1", false);

    private final RateLimitSettings settings = new RateLimitSettings(true, null);
    private final ScheduledEvents events = events();

    private ScheduledEvents events() {
        var limit = new RateLimits(() -> settings, false, () -> 1).setting("delayed", () -> "5 at once, 1 per hour");
        var rooms = new FakeRooms();
        var states = new RoomStates(rooms);
        var accounts = new FakeAccounts();
        var server = new LocalServerCheck(RunningWriter.SERVER);
        var sending = new Events(
                rooms,
                new CanonicalAliases(rooms, states, server),
                new Profiles(accounts, RunningWriter.SERVER, 16),
                new GuestAccess(states),
                server,
                new InvitePermissions(accounts, RunningWriter.SERVER),
                new Suspension(rooms),
                all(limit));
        return new ScheduledEvents(
                new FakeDelayedEvents(),
                states,
                sending,
                limit,
                () -> new DelayedEventSettings(100, Duration.ofHours(24)),
                Duration.ofSeconds(30),
                InstantSource.system(),
                new Random(1));
    }

    private static WriteLimits all(AttemptLimit limit) {
        return new WriteLimits(limit, limit, limit, limit, limit, limit, limit, limit, limit, limit, limit, limit);
    }

    @Test
    void aStrangerCannotUseUpTheBudgetOfAUserOrAnAddress() {
        for (int i = 0; i < 20; i++) {
            for (String id : new String[] {RunningWriter.ALICE.value(), SERVICE.network()}) {
                assertThatThrownBy(() -> events.act(null, STRANGER, id, Action.RESTART))
                        .isInstanceOfSatisfying(MatrixException.class, e -> hasStatus(e, 404));
            }
        }
        assertThatCode(() -> events.list(ALICE)).doesNotThrowAnyException();
        String unknown = "x".repeat(32);
        assertThatThrownBy(() -> events.act(null, SERVICE, unknown, Action.RESTART))
                .isInstanceOfSatisfying(MatrixException.class, e -> hasStatus(e, 404));
    }

    @Test
    void whoGuessesIdsIsSlowedDown() {
        for (int i = 0; i < 5; i++) {
            String guessed = String.valueOf(i).repeat(32);
            assertThatThrownBy(() -> events.act(null, STRANGER, guessed, Action.RESTART))
                    .isInstanceOfSatisfying(MatrixException.class, e -> hasStatus(e, 404));
        }
        assertThatThrownBy(() -> events.act(null, STRANGER, "y".repeat(32), Action.RESTART))
                .isInstanceOfSatisfying(MatrixException.class, e -> hasStatus(e, 429));
    }

    private static void hasStatus(MatrixException e, int status) {
        assertThat(e.status()).as(e.body().toString()).isEqualTo(status);
    }
}
