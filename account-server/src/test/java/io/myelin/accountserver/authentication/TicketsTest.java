package io.myelin.accountserver.authentication;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TicketsTest {
    private static final Duration HALF_AN_HOUR = Duration.ofMinutes(30);

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final Tickets tickets = new Tickets(new byte[] {1, 2, 3}, () -> now, new Random(1));

    @Test
    void areAcceptedByEveryInstanceWithTheSameSecret() {
        Tickets elsewhere = new Tickets(new byte[] {1, 2, 3}, () -> now, new Random(2));
        assertThat(elsewhere.accepts("register", tickets.issue("register", HALF_AN_HOUR)))
                .isTrue();
    }

    @Test
    void areRefusedForAnotherPurpose() {
        assertThat(tickets.accepts("delete devices", tickets.issue("register", HALF_AN_HOUR)))
                .isFalse();
    }

    @Test
    void areRefusedWhenTheyAreOver() {
        String ticket = tickets.issue("register", HALF_AN_HOUR);
        now = now.plus(HALF_AN_HOUR).plusSeconds(1);
        assertThat(tickets.accepts("register", ticket)).isFalse();
        assertThat(tickets.isOver(ticket)).isTrue();
    }

    @Test
    void areNotOverForWhomTheyWereNotIssued() {
        assertThat(tickets.isOver(tickets.issue("register", HALF_AN_HOUR))).isFalse();
        assertThat(tickets.isOver("a.b.c")).isTrue();
    }

    @Test
    void areRefusedIfAnythingInThemIsAnother() {
        String ticket = tickets.issue("register", HALF_AN_HOUR);
        for (int i = 0; i < ticket.length() - 1; i++) {
            char other = ticket.charAt(i) == '7' ? '8' : '7';
            assertThat(tickets.accepts("register", ticket.substring(0, i) + other + ticket.substring(i + 1)))
                    .isFalse();
        }
        for (String nonsense : new String[] {"", ".", "..", "a.b", "a.b.c"}) {
            assertThat(tickets.accepts("register", nonsense)).isFalse();
        }
    }
}
