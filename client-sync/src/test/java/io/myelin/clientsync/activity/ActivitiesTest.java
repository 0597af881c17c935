package io.myelin.clientsync.activity;

import static io.myelin.clientsync.fixture.Server.ALICE;
import static io.myelin.clientsync.fixture.Server.session;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.clientsync.fixture.SettableClock;
import io.myelin.contracts.presence.PresenceInput;
import io.myelin.contracts.presence.PresenceInput.Syncing;
import io.myelin.contracts.presence.PresenceInput.SyncingEnded;
import io.myelin.contracts.presence.PresenceState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ActivitiesTest {
    private final SettableClock clock = new SettableClock();
    private final List<PresenceInput> told = new ArrayList<>();
    private final Activities activities = new Activities(told::add, clock);

    private Runnable sync(PresenceState presence) {
        return activities.began(session(ALICE), presence);
    }

    private void pass(int seconds) {
        for (int i = 0; i < seconds; i++) {
            clock.advance(Duration.ofSeconds(1));
            activities.tick();
        }
    }

    @Test
    void tellsOnceThatADeviceSyncsHoweverOftenItAsks() {
        for (int i = 0; i < 20; i++) {
            sync(PresenceState.ONLINE).run();
            pass(1);
        }
        assertThat(told).containsExactly(new Syncing(ALICE, "DEVICE", PresenceState.ONLINE, 1_000_000));
    }

    @Test
    void tellsEvery25SecondsOfADeviceThatGoesOnAsking() {
        for (int i = 0; i < 60; i++) {
            sync(PresenceState.ONLINE).run();
            pass(1);
        }
        assertThat(told).hasSize(3).allMatch(Syncing.class::isInstance);
    }

    @Test
    void tellsOfARequestThatIsParkedForLong() {
        sync(PresenceState.ONLINE);
        pass(120);
        assertThat(told).hasSizeBetween(4, 5).allMatch(Syncing.class::isInstance);
    }

    @Test
    void tellsTheEndHalfAMinuteAfterTheLastRequest() {
        sync(PresenceState.ONLINE).run();
        pass(29);
        assertThat(told).hasSize(1);
        pass(3);
        assertThat(told).hasSize(2);
        assertThat(told.getLast()).isInstanceOf(SyncingEnded.class);
        assertThat(activities.size()).isZero();
        pass(100);
        assertThat(told).hasSize(2);
    }

    @Test
    void beginsAnewAfterTheEnd() {
        sync(PresenceState.ONLINE).run();
        pass(40);
        sync(PresenceState.ONLINE);
        assertThat(told).hasSize(3);
        assertThat(told.getLast()).isInstanceOf(Syncing.class);
    }

    @Test
    void tellsAtOnceOfAnotherState() {
        sync(PresenceState.ONLINE).run();
        sync(PresenceState.UNAVAILABLE).run();
        assertThat(told.getLast()).isEqualTo(new Syncing(ALICE, "DEVICE", PresenceState.UNAVAILABLE, 1_000_000));
    }

    @Test
    void tellsNothingOfADeviceThatWantsToAppearOffline() {
        sync(PresenceState.OFFLINE).run();
        assertThat(told).isEmpty();
        sync(PresenceState.ONLINE).run();
        sync(PresenceState.OFFLINE).run();
        assertThat(told.getLast()).isInstanceOf(SyncingEnded.class);
    }

    @Test
    void tellsTheEndWhenADeviceIsLoggedOut() {
        Runnable ends = sync(PresenceState.ONLINE);
        activities.loggedOut(ALICE, "DEVICE");
        ends.run();
        pass(60);
        assertThat(told).hasSize(2);
        assertThat(told.getLast()).isInstanceOf(SyncingEnded.class);
    }
}
