package io.myelin.accountserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.accountserver.account.Inbox;
import io.myelin.accountserver.storage.StoredAccounts;
import io.myelin.accountserver.storage.StoredInboxes;
import io.myelin.contracts.Partitions;
import io.myelin.contracts.account.AccountFact;
import io.myelin.contracts.account.AccountQueries.FilledInbox;
import io.myelin.contracts.account.ToDeviceFact.ToDeviceArrived;
import io.myelin.contracts.account.ToDeviceInboxes.InboxMessage;
import io.myelin.engine.Numbered;
import io.myelin.matrix.id.UserId;
import io.myelin.postgres.ServiceDatabase;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Messages from device to device, until their devices have got them. */
@ExtendWith(SharedServer.class)
class ToDeviceIT {
    private final Accounts accounts;
    private final User sender;

    ToDeviceIT(Accounts accounts) {
        this.accounts = accounts;
        this.sender = accounts.register();
    }

    private MatrixClient.Answer send(String transaction, String messages) {
        return sender.client().put("/sendToDevice/m.test/" + transaction, "{\"messages\":" + messages + "}");
    }

    private static String to(User user, String device, String content) {
        return "{\"" + user.id() + "\":{\"" + device + "\":" + content + "}}";
    }

    private static String device(User user) {
        return user.client().get("/account/whoami").field("device_id");
    }

    private StoredInboxes inboxes() {
        return accounts.server().bean(StoredInboxes.class);
    }

    private List<InboxMessage> inbox(User user, String device) {
        return inboxes()
                .messages(UserId.parse(user.id()), device, 0, Long.MAX_VALUE, 1_000)
                .messages();
    }

    private List<String> contents(User user, String device) {
        return inbox(user, device).stream()
                .map(message -> new String(message.content(), StandardCharsets.UTF_8))
                .toList();
    }

    private long rows(String table, User user) {
        return accounts.server()
                .bean(ServiceDatabase.class)
                .read(jdbc -> jdbc.sql("SELECT count(*) FROM " + table + " WHERE "
                                + (table.equals("log") ? "kind = 30 AND reference LIKE ?" : "user_id LIKE ?"))
                        .param("%" + user.id() + "%")
                        .query(Long.class)
                        .single());
    }

    @Test
    void arriveInTheirOrderAndOnce() {
        User bob = accounts.register();
        String device = device(bob);
        for (String i : List.of("1", "2", "2", "3", "1")) {
            send(i, to(bob, device, "{\"n\":" + i + "}")).ok();
        }
        assertThat(contents(bob, device)).containsExactly("{\"n\":1}", "{\"n\":2}", "{\"n\":3}");
        assertThat(inbox(bob, device)).allSatisfy(message -> {
            assertThat(message.sender().value()).isEqualTo(sender.id());
            assertThat(message.type()).isEqualTo("m.test");
        });
    }

    @Test
    void goToAllDevicesOfAUser() {
        User bob = accounts.register();
        String second = accounts.login(bob.name(), "secret").field("device_id");
        send("all", to(bob, "*", "{}")).ok();
        assertThat(contents(bob, device(bob))).containsExactly("{}");
        assertThat(contents(bob, second)).containsExactly("{}");
    }

    /** What clients get wrong is told them, or dropped; and what is far away is dropped for now. */
    @Test
    void areRefusedOrDroppedForAReason() {
        User bob = accounts.register();
        String device = device(bob);
        sender.client().put("/sendToDevice/m.test/x1", "{}").isRefused(400, "M_MISSING_PARAM");
        sender.client().put("/sendToDevice/m.test/x2", "{\"messages\":[]}").isRefused(400, "M_BAD_JSON");
        send("x3", "{\"" + bob.id() + "\":5}").isRefused(400, "M_BAD_JSON");
        send("x4", to(bob, device, "5")).isRefused(400, "M_BAD_JSON");
        send("x5", to(bob, device, "{\"a\":\"" + "x".repeat(66_000) + "\"}")).isRefused(413, "M_TOO_LARGE");
        sender.client()
                .put("/sendToDevice/" + "t".repeat(300) + "/x6", "{\"messages\":{}}")
                .isRefused(400, "M_INVALID_PARAM");
        send("x7", "{\"nobody\":{\"a\":{}},\"@x:elsewhere.org\":{\"a\":{}},\"@absent:localhost\":{\"*\":{}}}")
                .ok();
        send("x8", to(bob, "ABSENT", "{}")).ok();
        send("x9", to(bob, "A\\u0000", "{}")).ok();
        assertThat(rows("to_device", bob)).isZero();
    }

    @Test
    void areGoneWhenTheyAreDropped() {
        User bob = accounts.register();
        String device = device(bob);
        UserId id = UserId.parse(bob.id());
        IntStream.range(0, 5)
                .forEach(
                        i -> send("g" + i, to(bob, device, "{\"n\":" + i + "}")).ok());
        List<InboxMessage> messages = inbox(bob, device);
        StoredAccounts stored = accounts.server().bean(StoredAccounts.class);
        assertThat(stored.accountData(id).inboxes())
                .containsExactly(new FilledInbox(
                        device, messages.getFirst().seq(), messages.getLast().seq()));
        assertThat(arrivals(stored, bob)).as("the newest alone is in the log").hasSize(1);
        inboxes().drop(id, device, messages.get(2).seq());
        assertThat(contents(bob, device)).containsExactly("{\"n\":3}", "{\"n\":4}");
        assertThat(arrivals(stored, bob)).hasSize(1);
        inboxes().drop(id, device, messages.get(4).seq());
        assertThat(rows("to_device", bob)).isZero();
        assertThat(rows("log", bob)).isZero();
        assertThat(stored.accountData(id).inboxes()).isEmpty();
    }

    private static List<Numbered<AccountFact>> arrivals(StoredAccounts stored, User user) {
        return stored.replay(Partitions.of(user.id(), 4), 0, 100_000).facts().stream()
                .filter(fact -> fact.fact() instanceof ToDeviceArrived arrived
                        && arrived.user().value().equals(user.id()))
                .toList();
    }

    @Test
    void areGoneWithTheirDevice() {
        User bob = accounts.register();
        MatrixClient.Answer second = accounts.login(bob.name(), "secret");
        String device = second.field("device_id");
        send("d", to(bob, "*", "{}")).ok();
        bob.client().with(second.field("access_token")).post("/logout", "{}").ok();
        assertThat(inbox(bob, device)).isEmpty();
        assertThat(rows("to_device", bob)).isEqualTo(1);
        assertThat(rows("log", bob)).isEqualTo(1);
    }

    /** Pages end at about a megabyte. */
    @Test
    void comeInPages() {
        User bob = accounts.register();
        String device = device(bob);
        String large = "{\"a\":\"" + "x".repeat(60_000) + "\"}";
        IntStream.range(0, 20)
                .forEach(i -> send("p" + i, to(bob, device, large)).ok());
        var first = inboxes().messages(UserId.parse(bob.id()), device, 0, Long.MAX_VALUE, 100);
        assertThat(first.messages()).hasSizeBetween(17, 19);
        assertThat(first.more()).isTrue();
        var rest = inboxes()
                .messages(
                        UserId.parse(bob.id()),
                        device,
                        first.messages().getLast().seq(),
                        Long.MAX_VALUE,
                        100);
        assertThat(first.messages().size() + rest.messages().size()).isEqualTo(20);
        assertThat(rest.more()).isFalse();
    }

    /** One request to users of all shards, sent by several clients at once with the same transaction. */
    @Test
    void areSentOnceThoughTheRequestIsRepeated() throws Exception {
        List<User> users =
                IntStream.range(0, 12).mapToObj(_ -> accounts.register()).toList();
        String messages = users.stream()
                .map(user -> "\"" + user.id() + "\":{\"*\":{}}")
                .collect(Collectors.joining(",", "{", "}"));
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<MatrixClient.Answer>> tasks = IntStream.range(0, 8)
                    .<Callable<MatrixClient.Answer>>mapToObj(_ -> () -> send("same", messages))
                    .toList();
            for (var answer : executor.invokeAll(tasks)) {
                answer.get().ok();
            }
        }
        assertThat(users).allSatisfy(user -> assertThat(rows("to_device", user)).isEqualTo(1));
    }

    /** What waits is found again by a new process. */
    @Test
    void surviveARestart() {
        User bob = accounts.register();
        String device = device(bob);
        send("r1", to(bob, device, "{\"n\":1}")).ok();
        accounts.server().restart();
        User again =
                new User(sender.name(), sender.client().on(accounts.server().port()), sender.token());
        again.client()
                .put("/sendToDevice/m.test/r1", "{\"messages\":" + to(bob, device, "{\"n\":1}") + "}")
                .ok();
        again.client()
                .put("/sendToDevice/m.test/r2", "{\"messages\":" + to(bob, device, "{\"n\":2}") + "}")
                .ok();
        assertThat(contents(bob, device)).containsExactly("{\"n\":1}", "{\"n\":2}");
        inboxes()
                .drop(
                        UserId.parse(bob.id()),
                        device,
                        inbox(bob, device).getFirst().seq());
        assertThat(contents(bob, device)).containsExactly("{\"n\":2}");
    }

    @Test
    void areDroppedWhenTheyAreTooOld() {
        User bob = accounts.register();
        String device = device(bob);
        send("o", to(bob, device, "{}")).ok();
        long later = System.currentTimeMillis() + Inbox.KEPT_MILLIS + 60_000;
        while (inboxes().dropOld(Accounts.ALL_SHARDS, later)) {
            Thread.onSpinWait();
        }
        assertThat(rows("to_device", bob)).isZero();
    }
}
