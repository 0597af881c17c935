package io.myelin.accountserver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.myelin.accountserver.storage.StoredAccounts;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.DelayedEvents;
import io.myelin.contracts.account.DelayedEvents.Claimed;
import io.myelin.contracts.account.DelayedEvents.ClaimedOne;
import io.myelin.contracts.account.DelayedEvents.DelayedEvent;
import io.myelin.contracts.account.DelayedEvents.Due;
import io.myelin.contracts.account.DelayedEvents.Found;
import io.myelin.contracts.account.DelayedEvents.Scheduling;
import io.myelin.contracts.account.DelayedEvents.Status;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import io.myelin.web.session.AccessToken;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What {@link DelayedEvents} promises, in this process and over HTTP. */
abstract class DelayedEventsContract {
    private static final RoomId ROOM = RoomId.parse("!room:localhost");
    private static final long HOUR = 3_600_000;
    private static final int MOST = 100;
    private static final long CLAIM_MILLIS = 60_000;

    private final Accounts accounts;

    DelayedEventsContract(Accounts accounts) {
        this.accounts = accounts;
    }

    abstract DelayedEvents events();

    private static UserId id(User user) {
        return UserId.parse(user.id());
    }

    private Session session(User user) {
        byte[] hash = AccessToken.parse(user.token(), ServerName.parse("localhost"))
                .orElseThrow()
                .hash();
        return accounts.server()
                .bean(StoredAccounts.class)
                .session(id(user), hash)
                .orElseThrow();
    }

    private DelayedEvent event(User user, long delay, @Nullable String stateKey) {
        Session session = session(user);
        return new DelayedEvent(
                UUID.randomUUID().toString(),
                session.device(),
                session.seq(),
                ROOM,
                "org.example",
                stateKey,
                "{\"a\":1}".getBytes(UTF_8),
                delay,
                0);
    }

    private String scheduled(User user, long delay) {
        DelayedEvent event = event(user, delay, null);
        assertThat(events().schedule(id(user), event, null, MOST)).isEqualTo(new Scheduling(event.id(), 0));
        return event.id();
    }

    private Due claimed(String id) {
        ClaimedOne claimed = events().claim(id, null, CLAIM_MILLIS);
        assertThat(claimed.found()).isEqualTo(Found.SCHEDULED);
        assertThat(claimed.due()).isNotNull();
        return claimed.due();
    }

    /** Claims what is due until this event is among it. */
    private Due due(String id) {
        List<Due> found = new ArrayList<>();
        await().until(() -> {
            events().claimDue(1_000, CLAIM_MILLIS).due().stream()
                    .filter(due -> due.event().id().equals(id))
                    .forEach(found::add);
            return !found.isEmpty();
        });
        return found.getFirst();
    }

    @Test
    void keepsAnEventAsItWasScheduled() {
        User user = accounts.register();
        DelayedEvent event = event(user, HOUR, "key");
        events().schedule(id(user), event, null, MOST);
        Status status = events().find(id(user), event.id()).orElseThrow();
        assertThat(status.event())
                .usingRecursiveComparison()
                .ignoringFields("scheduledAt")
                .isEqualTo(event);
        assertThat(status.event().scheduledAt()).isPositive();
        assertThat(status.finalisedAt()).isNull();
        assertThat(events().list(id(user))).hasSize(1);
        assertThat(events().find(id(accounts.register()), event.id())).isEmpty();
    }

    @Test
    void aRepeatedRequestFindsTheFirstsEvent() {
        User user = accounts.register();
        byte[] transaction = UUID.randomUUID().toString().getBytes(UTF_8);
        DelayedEvent first = event(user, HOUR, null);
        events().schedule(id(user), first, transaction, MOST);
        assertThat(events().schedule(id(user), event(user, HOUR, null), transaction, MOST)
                        .id())
                .isEqualTo(first.id());
        assertThat(events().schedule(id(user), first, null, MOST).id()).isEqualTo(first.id());
        assertThat(events().list(id(user))).hasSize(1);
    }

    @Test
    void theLimitHoldsForRequestsAtOnce() throws Exception {
        User user = accounts.register();
        List<Callable<Scheduling>> requests = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            DelayedEvent event = event(user, HOUR, null);
            requests.add(() -> events().schedule(id(user), event, null, 5));
        }
        try (var threads = Executors.newFixedThreadPool(6)) {
            long accepted = threads.invokeAll(requests).stream()
                    .filter(request -> request.resultNow().id() != null)
                    .count();
            assertThat(accepted).isEqualTo(5);
        }
        assertThat(events().schedule(id(user), event(user, HOUR, null), null, 5).nextAt())
                .isGreaterThan(System.currentTimeMillis());
    }

    @Test
    void oneOfManyClaimsAnEventThatIsDue() throws Exception {
        User user = accounts.register();
        List<String> ids = List.of(scheduled(user, 1), scheduled(user, 1), scheduled(user, 1), scheduled(user, HOUR));
        List<Callable<Claimed>> claims = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            claims.add(() -> events().claimDue(2, CLAIM_MILLIS));
        }
        List<String> got = new ArrayList<>();
        await().until(() -> {
            try (var threads = Executors.newFixedThreadPool(5)) {
                threads.invokeAll(claims)
                        .forEach(claim -> claim.resultNow()
                                .due()
                                .forEach(due -> got.add(due.event().id())));
            }
            return got.containsAll(ids.subList(0, 3));
        });
        assertThat(got).doesNotHaveDuplicates().doesNotContain(ids.get(3));
    }

    @Test
    void tellsHowLongToWait() {
        User user = accounts.register();
        scheduled(user, HOUR);
        assertThat(events().claimDue(1, CLAIM_MILLIS).waitMillis()).isBetween(0L, 1_000L);
    }

    @Test
    void restartsOnlyWhatIsScheduled() {
        User user = accounts.register();
        String id = scheduled(user, HOUR);
        long before = events().find(id(user), id).orElseThrow().event().scheduledAt();
        await().until(() -> events().restart(id, id(user)) == Found.SCHEDULED
                && events().find(id(user), id).orElseThrow().event().scheduledAt() > before);
        assertThat(events().restart(id, id(accounts.register()))).isEqualTo(Found.NOTHING);
        assertThat(events().restart(id, null)).isEqualTo(Found.SCHEDULED);
        Due due = claimed(id);
        assertThat(events().restart(id, null)).isEqualTo(Found.BEING_SENT);
        assertThat(events().cancel(id, null)).isEqualTo(Found.BEING_SENT);
        assertThat(events().claim(id, null, CLAIM_MILLIS).found()).isEqualTo(Found.BEING_SENT);
        assertThat(events().finish(id, due.claim(), EventId.parse("$sent"), null))
                .isTrue();
        assertThat(events().restart(id, null)).isEqualTo(Found.SENT);
        Status sent = events().find(id(user), id).orElseThrow();
        assertThat(sent.sent()).isEqualTo(EventId.parse("$sent"));
        assertThat(sent.event().content()).isEmpty();
    }

    @Test
    void aCancelledEventIsNeverClaimed() {
        User user = accounts.register();
        String id = scheduled(user, HOUR);
        assertThat(events().cancel(id, id(user))).isEqualTo(Found.SCHEDULED);
        assertThat(events().cancel(id, id(user))).isEqualTo(Found.CANCELLED);
        assertThat(events().claim(id, null, CLAIM_MILLIS)).isEqualTo(new ClaimedOne(Found.CANCELLED, null));
        assertThat(events().find(id(user), id).orElseThrow().finalisedAt()).isNotNull();
    }

    @Test
    void keepsWhyAnEventWasNotSent() {
        User user = accounts.register();
        String id = scheduled(user, HOUR);
        events().finish(id, claimed(id).claim(), null, MatrixError.forbidden("No."));
        assertThat(events().find(id(user), id).orElseThrow().error()).isEqualTo(MatrixError.forbidden("No."));
    }

    @Test
    void aReleasedEventIsDueAgainButNotBeforeItsTime() {
        User user = accounts.register();
        String id = scheduled(user, HOUR);
        assertThat(events().release(id, claimed(id).claim(), 0)).isTrue();
        assertThat(events().claimDue(1_000, CLAIM_MILLIS).due())
                .noneMatch(due -> due.event().id().equals(id));
        String soon = scheduled(user, 1);
        Due first = due(soon);
        events().release(soon, first.claim(), 1);
        assertThat(due(soon).claim()).isEqualTo(first.claim() + 1);
    }

    @Test
    void anEarlierClaimHasNoEffectAnyMore() {
        User user = accounts.register();
        String id = scheduled(user, 1);
        Due first = due(id);
        events().release(id, first.claim(), 0);
        Due second = due(id);
        assertThat(events().finish(id, first.claim(), null, MatrixError.forbidden("Late.")))
                .isFalse();
        assertThat(events().release(id, first.claim(), 0)).isFalse();
        assertThat(events().finish(id, second.claim(), EventId.parse("$sent"), null))
                .isTrue();
    }

    @Test
    void theUserRemainsAfterALogout() {
        User user = accounts.register();
        String id = scheduled(user, HOUR);
        Due before = claimed(id);
        assertThat(before.session()).isEqualTo(session(user));
        events().release(id, before.claim(), 0);
        user.client().post("/logout", "").ok();
        Session after = claimed(id).session();
        assertThat(after).isNotNull();
        assertThat(after.user()).isEqualTo(id(user));
        assertThat(after.device()).isNull();
    }

    @Test
    void aListLeavesOutContentsThatAreTooManyBytes() {
        User user = accounts.register();
        for (int i = 0; i < 6; i++) {
            DelayedEvent small = event(user, HOUR + i, null);
            byte[] content = ("{\"a\":\"" + "x".repeat(60_000) + "\"}").getBytes(UTF_8);
            var large = new DelayedEvent(
                    small.id(), small.device(), small.session(), ROOM, "m.room.message", null, content, HOUR + i, 0);
            events().schedule(id(user), large, null, MOST);
        }
        List<Status> all = events().list(id(user));
        assertThat(all).hasSize(6);
        assertThat(all.stream().mapToInt(one -> one.event().content().length).sum())
                .isBetween(4 * 60_000, DelayedEvents.MOST_LISTED_BYTES);
        assertThat(events().find(id(user), all.getLast().event().id())
                        .orElseThrow()
                        .event()
                        .content())
                .hasSizeGreaterThan(60_000);
    }

    @Test
    void whatIsDueIsClaimedInTheOrderOfTheTimes() {
        User user = accounts.register();
        List<String> ids = List.of(scheduled(user, 3), scheduled(user, 1), scheduled(user, 2));
        List<String> got = new ArrayList<>();
        await().until(() -> {
            events().claimDue(1_000, CLAIM_MILLIS).due().stream()
                    .map(due -> due.event().id())
                    .filter(ids::contains)
                    .forEach(got::add);
            return got.size() == 3;
        });
        assertThat(got).doesNotHaveDuplicates();
    }

    @Test
    void theSessionIsGoneAfterTheAccountWasClosed() {
        User user = accounts.register();
        String id = scheduled(user, HOUR);
        user.client()
                .post("/account/deactivate", "{\"auth\":%s}".formatted(user.auth()))
                .ok();
        assertThat(claimed(id).session()).isNull();
    }
}
