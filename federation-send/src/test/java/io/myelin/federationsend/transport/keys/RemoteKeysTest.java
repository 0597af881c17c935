package io.myelin.federationsend.transport.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.matrix.crypto.SignedJson;
import io.myelin.matrix.crypto.SigningKey;
import io.myelin.matrix.crypto.VerifyKey;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RemoteKeysTest {
    private static final ServerName SERVER = ServerName.parse("them.test");
    private static final SigningKey FIRST = SigningKey.generate("ed25519:first", new Random(1));
    private static final SigningKey SECOND = SigningKey.generate("ed25519:second", new Random(2));

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final AtomicInteger asked = new AtomicInteger();
    private @Nullable JsonObject published = signed(FIRST, now.plus(Duration.ofDays(1)));
    private final RemoteKeys keys = new RemoteKeys(this::fetch, () -> now, Duration.ofMinutes(1), 1 << 20);

    private ServerKeys fetch(ServerName server) {
        asked.incrementAndGet();
        if (published == null) {
            throw new UnacceptableKeys("it answered 404");
        }
        return ServerKeys.check(server, published, now);
    }

    private static JsonObject document(SigningKey key, Instant until) {
        return JsonObject.builder()
                .put("server_name", SERVER.value())
                .put("valid_until_ts", until.toEpochMilli())
                .put(
                        "verify_keys",
                        JsonObject.of(
                                key.keyId(),
                                JsonObject.of("key", key.verifyKey().toBase64())))
                .build();
    }

    private static JsonObject signed(SigningKey key, Instant until) {
        return SignedJson.sign(document(key, until), SERVER.value(), key);
    }

    @Test
    void asksOnceAsLongAsTheKeysAreValid() {
        assertThat(keys.current(SERVER, "ed25519:first")).contains(FIRST.verifyKey());
        now = now.plus(Duration.ofHours(23));
        assertThat(keys.current(SERVER, "ed25519:first")).contains(FIRST.verifyKey());
        assertThat(asked).hasValue(1);
    }

    @Test
    void asksAgainWhenTheyAreNotValidAnyMore() {
        keys.current(SERVER, "ed25519:first");
        now = now.plus(Duration.ofDays(1));
        published = signed(FIRST, now.plus(Duration.ofDays(1)));
        assertThat(keys.current(SERVER, "ed25519:first")).contains(FIRST.verifyKey());
        assertThat(asked).hasValue(2);
    }

    @Test
    void believesNoKeysLongerThanAWeek() {
        published = signed(FIRST, now.plus(Duration.ofDays(1000)));
        keys.current(SERVER, "ed25519:first");
        published = null;
        now = now.plus(Duration.ofDays(8));
        assertThat(keys.current(SERVER, "ed25519:first")).isEmpty();
    }

    @Test
    void asksForANewKeyButNotBeforeAPause() {
        keys.current(SERVER, "ed25519:first");
        published = signed(SECOND, now.plus(Duration.ofDays(1)));
        assertThat(keys.current(SERVER, "ed25519:second")).isEmpty();
        assertThat(keys.current(SERVER, "ed25519:third")).isEmpty();
        assertThat(asked).hasValue(1);
        now = now.plus(Duration.ofMinutes(1));
        assertThat(keys.current(SERVER, "ed25519:second")).contains(SECOND.verifyKey());
        assertThat(keys.current(SERVER, "ed25519:first")).isEmpty();
        assertThat(asked).hasValue(2);
    }

    @Test
    void asksLessAndLessOftenWhoDoesNotAnswer() {
        published = null;
        for (int minute = 0; minute < 16; minute++) {
            assertThat(keys.current(SERVER, "ed25519:first")).isEmpty();
            now = now.plus(Duration.ofMinutes(1));
        }
        assertThat(asked).hasValue(5); // After 0, 1, 3, 7 and 15 minutes.
    }

    @Test
    void oldKeysAreGivenToWhoAsksForTheLast() {
        Instant wanted = now.plus(Duration.ofDays(3));
        assertThat(keys.published(SERVER, now).orElseThrow().json()).isEqualTo(published);
        var last = published;
        published = null;
        now = now.plus(Duration.ofDays(2));
        assertThat(keys.published(SERVER, wanted).orElseThrow().json()).isEqualTo(last);
        assertThat(keys.current(SERVER, "ed25519:first")).isEmpty();
        assertThat(asked).hasValue(2);
    }

    @Test
    void manyWhoWantTheSameCostOneRequest() throws Exception {
        var started = new CountDownLatch(50);
        var slow = new RemoteKeys(
                server -> {
                    awaitAll(started);
                    return fetch(server);
                },
                () -> now,
                Duration.ofMinutes(1),
                1 << 20);
        List<Future<Optional<VerifyKey>>> all = new ArrayList<>();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 50; i++) {
                all.add(executor.submit(() -> {
                    started.countDown();
                    return slow.current(SERVER, "ed25519:first");
                }));
            }
        }
        for (var one : all) {
            assertThat(one.get()).contains(FIRST.verifyKey());
        }
        assertThat(asked).hasValue(1);
    }

    private static void awaitAll(CountDownLatch started) {
        try {
            assertThat(started.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void refusesDocumentsThatProveNothing() {
        Instant until = now.plus(Duration.ofDays(1));
        assertRefused(document(FIRST, until), "not signed");
        assertRefused(SignedJson.sign(document(FIRST, until), SERVER.value(), SECOND), "not signed");
        assertRefused(signed(FIRST, until).with("more", "after"), "not signed");
        assertRefused(signed(FIRST, now), "not valid any more");
        assertRefused(signed(FIRST, until).without("valid_until_ts"), "no end");
        assertRefused(
                SignedJson.sign(document(FIRST, until).with("server_name", "other.test"), SERVER.value(), FIRST),
                "another server");
        assertRefused(JsonObject.EMPTY, "another server");
    }

    @Test
    void keyThatDidNotSignIsLeftOut() {
        var both = document(FIRST, now.plus(Duration.ofDays(1)));
        both = both.with(
                "verify_keys",
                both.object("verify_keys")
                        .orElseThrow()
                        .with(
                                "ed25519:second",
                                JsonObject.of("key", SECOND.verifyKey().toBase64()))
                        .with("ed25519:broken", JsonObject.of("key", "AAAA"))
                        .with("curve25519:x", JsonObject.of("key", "AAAA")));
        var checked = ServerKeys.check(SERVER, SignedJson.sign(both, SERVER.value(), FIRST), now);
        assertThat(checked.current()).containsOnlyKeys("ed25519:first");
    }

    @Test
    void refusesMoreKeysThanAnybodyNeeds() {
        var many = JsonObject.builder();
        for (int i = 0; i < 101; i++) {
            many.put("ed25519:k" + i, JsonObject.of("key", "AAAA"));
        }
        assertRefused(signed(FIRST, now.plus(Duration.ofDays(1))).with("verify_keys", many.build()), "more than 100");
    }

    @Test
    void keepsOnlyAsMuchAsItHasMemoryFor() {
        var few = new RemoteKeys(
                server -> ServerKeys.check(server, signed(server), now), () -> now, Duration.ofMinutes(1), 100_000);
        for (int i = 0; i < 500; i++) {
            few.published(ServerName.parse("s" + i + ".test"), now);
        }
        assertThat(IntStream.range(0, 500)
                        .filter(i ->
                                few.known(ServerName.parse("s" + i + ".test")).isPresent())
                        .count())
                .isLessThan(100);
    }

    private JsonObject signed(ServerName server) {
        var document = document(FIRST, now.plus(Duration.ofDays(1))).with("server_name", server.value());
        return SignedJson.sign(document, server.value(), FIRST);
    }

    @Test
    void saysWhetherItWouldAsk() {
        assertThat(keys.mustAsk(SERVER, now)).isTrue();
        keys.published(SERVER, now);
        assertThat(keys.mustAsk(SERVER, now)).isFalse();
        assertThat(keys.known(SERVER)).isPresent();
    }

    @Test
    void readsOldKeys() {
        var old = JsonObject.of(
                "ed25519:second",
                JsonObject.of("key", SECOND.verifyKey().toBase64()).with("expired_ts", 7));
        var document = document(FIRST, now.plus(Duration.ofDays(1))).with("old_verify_keys", old);
        assertThat(ServerKeys.check(SERVER, SignedJson.sign(document, SERVER.value(), FIRST), now)
                        .old())
                .containsOnly(Map.entry(
                        "ed25519:second",
                        new OldVerifyKey("ed25519:second", SECOND.verifyKey(), Instant.ofEpochMilli(7))));
    }

    private void assertRefused(JsonObject document, String why) {
        assertThatThrownBy(() -> ServerKeys.check(SERVER, document, now))
                .isInstanceOf(UnacceptableKeys.class)
                .hasMessageContaining(why);
    }
}
