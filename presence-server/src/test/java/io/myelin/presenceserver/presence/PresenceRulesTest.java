package io.myelin.presenceserver.presence;

import static io.myelin.contracts.presence.PresenceState.OFFLINE;
import static io.myelin.contracts.presence.PresenceState.ONLINE;
import static io.myelin.contracts.presence.PresenceState.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.presence.PresenceInput.SetPresence;
import io.myelin.contracts.presence.PresenceInput.Syncing;
import io.myelin.contracts.presence.PresenceInput.SyncingEnded;
import io.myelin.contracts.presence.PresenceState;
import io.myelin.contracts.presence.UserPresence;
import io.myelin.matrix.id.UserId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class PresenceRulesTest {
    private static final UserId ALICE = UserId.parse("@alice:example.org");

    private final PresenceRules rules = new PresenceRules();
    private KnownPresence alice = rules.initial(ALICE.value());
    private @Nullable UserPresence shown;
    private long now = 1_700_000_000_000L;

    private void syncs(String device, PresenceState presence) {
        alice = rules.receive(alice, new Syncing(ALICE, device, presence, now), now, now);
    }

    private void stopsSyncing(String device) {
        alice = rules.receive(alice, new SyncingEnded(ALICE, device, now), now, now);
    }

    private void sets(PresenceState presence, @Nullable String message) {
        alice = rules.receive(alice, new SetPresence(ALICE, presence, message), now, now);
    }

    private void secondsPass(long seconds) {
        now += seconds * 1_000;
        alice = rules.timePasses(alice, now);
    }

    private UserPresence shown() {
        UserPresence next = rules.show(alice, shown, now);
        shown = next;
        return next;
    }

    @Test
    void isOfflineOfWhomNothingWasHeard() {
        assertThat(shown()).isEqualTo(new UserPresence(ALICE, OFFLINE, 0, false, null));
        assertThat(rules.isBlank(alice)).isTrue();
    }

    @Nested
    class WhileADeviceSyncs {

        @Test
        void isOnlineAndActive() {
            syncs("phone", ONLINE);
            assertThat(shown()).isEqualTo(new UserPresence(ALICE, ONLINE, now, true, null));
        }

        @Test
        void nothingIsToldAnew() {
            syncs("phone", ONLINE);
            UserPresence first = shown();
            for (int each = 0; each < 20; each++) {
                secondsPass(30);
                syncs("phone", ONLINE);
                assertThat(shown()).isSameAs(first);
            }
        }

        @Test
        void isUnavailableIfTheDeviceIsIdle() {
            syncs("phone", ONLINE);
            long active = now;
            secondsPass(30);
            syncs("phone", UNAVAILABLE);
            assertThat(shown()).isEqualTo(new UserPresence(ALICE, UNAVAILABLE, active, false, null));
        }

        @Test
        void theHighestOfAllDevicesCounts() {
            syncs("phone", UNAVAILABLE);
            syncs("desk", ONLINE);
            assertThat(shown().presence()).isEqualTo(ONLINE);
            stopsSyncing("desk");
            assertThat(shown().presence()).isEqualTo(UNAVAILABLE);
        }

        @Test
        void whoSetsOfflineIsOfflineUntilADeviceSpeaksAgain() {
            syncs("phone", ONLINE);
            secondsPass(1);
            sets(OFFLINE, null);
            assertThat(shown().presence()).isEqualTo(OFFLINE);
            secondsPass(25);
            syncs("phone", ONLINE);
            assertThat(shown().presence()).isEqualTo(ONLINE);
        }

        @Test
        void whoSetsUnavailableIsUnavailableThoughDevicesAreOnline() {
            syncs("phone", ONLINE);
            secondsPass(1);
            sets(UNAVAILABLE, "at lunch");
            assertThat(shown().presence()).isEqualTo(UNAVAILABLE);
            assertThat(shown().statusMessage()).isEqualTo("at lunch");
        }

        @Test
        void theStatusMessageStays() {
            sets(ONLINE, "in a meeting");
            secondsPass(1);
            syncs("phone", ONLINE);
            assertThat(shown().statusMessage()).isEqualTo("in a meeting");
            secondsPass(1);
            sets(ONLINE, null);
            assertThat(shown().statusMessage()).isNull();
        }
    }

    @Nested
    class WhenDevicesFallSilent {

        @Test
        void isOfflineAfterAMinute() {
            syncs("phone", ONLINE);
            long active = now;
            assertThat(rules.dueAt(alice)).isEqualTo(now + 60_000);
            secondsPass(59);
            assertThat(shown().presence()).isEqualTo(ONLINE);
            secondsPass(1);
            assertThat(shown()).isEqualTo(new UserPresence(ALICE, OFFLINE, active, false, null));
        }

        @Test
        void isOfflineAtOnceIfTheReaderSaysSo() {
            syncs("phone", ONLINE);
            secondsPass(30);
            stopsSyncing("phone");
            assertThat(shown().presence()).isEqualTo(OFFLINE);
        }

        @Test
        void anEndThatIsOlderThanTheLastWordIsNone() {
            syncs("phone", ONLINE);
            alice = rules.receive(alice, new SyncingEnded(ALICE, "phone", now - 1), now, now);
            assertThat(shown().presence()).isEqualTo(ONLINE);
        }

        @Test
        void whoSetOnlineWithoutSyncingIsOfflineAfterAMinute() {
            sets(ONLINE, "here");
            assertThat(shown().presence()).isEqualTo(ONLINE);
            secondsPass(60);
            assertThat(shown().presence()).isEqualTo(OFFLINE);
            assertThat(shown().statusMessage()).isEqualTo("here");
        }

        @Test
        void isForgottenAfterAWeek() {
            sets(ONLINE, "here");
            secondsPass(7 * 24 * 3600 + 60);
            secondsPass(1);
            assertThat(rules.isBlank(alice)).isTrue();
            assertThat(shown()).isEqualTo(new UserPresence(ALICE, OFFLINE, 0, false, null));
        }
    }

    @Nested
    class AfterATakeOver {

        @Test
        void whatIsHeardAgainInAnotherOrderGivesTheSame() {
            SetPresence set = new SetPresence(ALICE, UNAVAILABLE, "away");
            Syncing before = new Syncing(ALICE, "phone", ONLINE, now - 20_000);
            Syncing after = new Syncing(ALICE, "phone", ONLINE, now - 5_000);
            alice = rules.receive(alice, before, now, now);
            alice = rules.receive(alice, after, now, now);
            alice = rules.receive(alice, set, now - 10_000, now);
            assertThat(shown().presence()).isEqualTo(ONLINE);
            assertThat(shown().statusMessage()).isEqualTo("away");
        }

        @Test
        void anOldWordDoesNotBringSomebodyBack() {
            alice = rules.receive(alice, new Syncing(ALICE, "phone", ONLINE, now - 61_000), now, now);
            assertThat(shown().presence()).isEqualTo(OFFLINE);
        }

        @Test
        void anOlderMessageDoesNotReplaceTheOneThatWasWrittenDown() {
            alice = KnownPresence.kept(ALICE, now - 1_000, now - 1_000, "new");
            alice = rules.receive(alice, new SetPresence(ALICE, ONLINE, "old"), now - 2_000, now);
            assertThat(shown().statusMessage()).isEqualTo("new");
        }
    }

    @Nested
    class Writing {

        @Test
        void isNotDoneForEachSync() {
            syncs("phone", ONLINE);
            KnownPresence kept = alice;
            assertThat(rules.isWorthKeeping(null, kept)).isTrue();
            secondsPass(30);
            syncs("phone", ONLINE);
            assertThat(rules.isWorthKeeping(kept, alice)).isFalse();
        }

        @Test
        void isDoneEveryFiveMinutes() {
            syncs("phone", ONLINE);
            KnownPresence kept = alice;
            secondsPass(300);
            syncs("phone", ONLINE);
            assertThat(rules.isWorthKeeping(kept, alice)).isTrue();
        }

        @Test
        void isDoneWhenTheyLeave() {
            syncs("phone", ONLINE);
            KnownPresence kept = alice;
            secondsPass(30);
            syncs("phone", ONLINE);
            stopsSyncing("phone");
            assertThat(rules.isWorthKeeping(kept, alice)).isTrue();
        }

        @Test
        void isDoneForAStatusMessage() {
            syncs("phone", ONLINE);
            KnownPresence kept = alice;
            secondsPass(1);
            sets(ONLINE, "busy");
            assertThat(rules.isWorthKeeping(kept, alice)).isTrue();
        }
    }
}
