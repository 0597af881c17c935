package io.myelin.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplayGuardTest {
    private static final long START = System.currentTimeMillis();
    private static final long WINDOW = ReplayGuard.WINDOW.toMillis();

    private final ReplayGuard onceOnly = new ReplayGuard(START);

    private static InternalSecret.Proof proof(String caller, long number, long time) {
        return new InternalSecret.Proof("", time, caller, number, new byte[0]);
    }

    @Test
    void requestCountsOnceHoweverItIsOvertaken() {
        List<InternalSecret.Proof> requests = new ArrayList<>();
        for (int number = 1; number <= 1000; number++) {
            requests.add(proof("a", number, START));
        }
        for (InternalSecret.Proof request : requests.reversed()) {
            assertThat(onceOnly.isFirst(request, START)).isTrue();
        }
        for (InternalSecret.Proof request : requests) {
            assertThat(onceOnly.isFirst(request, START)).isFalse();
        }
    }

    @Test
    void callersAreNotTakenForEachOther() {
        assertThat(onceOnly.isFirst(proof("a", 1, START), START)).isTrue();
        assertThat(onceOnly.isFirst(proof("b", 1, START), START)).isTrue();
    }

    @Test
    void requestThatTooManyHaveOvertakenDoesNotCount() {
        assertThat(onceOnly.isFirst(proof("a", ReplayGuard.OVERTAKING + 5, START), START))
                .isTrue();
        assertThat(onceOnly.isFirst(proof("a", 5, START), START)).isFalse();
        assertThat(onceOnly.isFirst(proof("a", 6, START), START)).isTrue();
        assertThat(onceOnly.isFirst(proof("a", 10L * ReplayGuard.OVERTAKING, START), START))
                .isTrue();
        assertThat(onceOnly.isFirst(proof("a", 10L * ReplayGuard.OVERTAKING - 1, START), START))
                .isTrue();
        assertThat(onceOnly.isFirst(proof("a", 0, START), START)).isFalse();
        assertThat(onceOnly.isFirst(proof("a", -1, START), START)).isFalse();
    }

    @Test
    void oldRequestDoesNotCountThoughItsCallerIsForgotten() {
        InternalSecret.Proof request = proof("a", 1, START);
        assertThat(onceOnly.isFirst(request, START)).isTrue();
        long later = START + 10 * WINDOW;
        assertThat(onceOnly.isFirst(proof("b", 1, later), later)).isTrue();
        assertThat(onceOnly.isFirst(request, later)).isFalse();
        assertThat(onceOnly.isFirst(proof("a", 2, START - 1), START)).isFalse();
        assertThat(onceOnly.isFirst(proof("a", 3, START + 2 * WINDOW), START)).isFalse();
    }

    @Test
    void proofIsOfOneMethodPathPortAndBody() {
        InternalSecret secret = new InternalSecret("s");
        String header = secret.prove("POST", URI.create("http://h:80/a?b=c"), new byte[] {1})
                .header();
        assertThat(secret.read(header, "POST", "/a?b=c", 80)).satisfies(proof -> {
            assertThat(proof.isOfBody(new byte[] {1})).isTrue();
            assertThat(proof.isOfBody(new byte[] {2})).isFalse();
        });
        assertThat(secret.read(header, "GET", "/a?b=c", 80)).isNull();
        assertThat(secret.read(header, "POST", "/a", 80)).isNull();
        assertThat(secret.read(header, "POST", "/a?b=c", 81)).isNull();
        assertThat(new InternalSecret("t").read(header, "POST", "/a?b=c", 80)).isNull();
        assertThat(secret.read(header.replaceFirst("^[0-9]", "9"), "POST", "/a?b=c", 80))
                .isNull();
        for (String bad : List.of("", "a b c d", "a b c d e", "a b c d e f")) {
            assertThat(secret.read(bad, "POST", "/a?b=c", 80)).as(bad).isNull();
        }
    }
}
