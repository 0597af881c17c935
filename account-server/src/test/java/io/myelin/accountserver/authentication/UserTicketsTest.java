package io.myelin.accountserver.authentication;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.accountserver.account.Device;
import io.myelin.accountserver.account.UserState;
import io.myelin.contracts.Position;
import io.myelin.contracts.account.Profile;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class UserTicketsTest {
    private static final UserId ALICE = UserId.parse("@alice:example.org");
    private static final Duration HOUR = Duration.ofHours(1);

    private final Map<String, Device> devices = new HashMap<>();
    private final UserTickets tickets = tickets("OpenID");

    private UserTickets tickets(String purpose) {
        return new UserTickets(
                ServerName.parse("example.org"),
                new Tickets(new byte[] {1}, InstantSource.fixed(Instant.ofEpochSecond(1_000)), new Random(1)),
                user -> user.equals(ALICE) ? Optional.of(account()) : Optional.empty(),
                purpose);
    }

    private UserState.Account account() {
        return new UserState.Account(
                ALICE,
                null,
                false,
                false,
                false,
                false,
                false,
                false,
                0,
                devices,
                Profile.empty(ALICE, new Position(0, 0, 0)));
    }

    @Test
    void areValidWhileTheirSessionLasts() {
        devices.put("PHONE.1", device(7));
        String ticket = tickets.issue(session(7), HOUR);
        assertThat(tickets.account(ticket)).isPresent();
        devices.put("PHONE.1", device(8)); // The device has logged in anew.
        assertThat(tickets.account(ticket)).isEmpty();
        devices.clear();
        assertThat(tickets.account(ticket)).isEmpty();
    }

    @Test
    void areValidForTheirSessionAlone() {
        devices.put("PHONE.1", device(7));
        devices.put("OTHER", device(9));
        String[] parts = tickets.issue(session(9), HOUR).split("\\.", -1);
        String[] others = tickets.issue(session(7), HOUR).split("\\.", -1);
        String forged =
                others[0] + "." + others[1] + "." + others[2] + "." + parts[3] + "." + parts[4] + "." + parts[5];
        assertThat(tickets.account(forged)).isEmpty();
        String unbound = parts[0] + "." + parts[3] + "." + parts[4] + "." + parts[5];
        assertThat(tickets.account(unbound)).isEmpty();
    }

    @Test
    void ofNoSessionStayValid() {
        assertThat(tickets.account(tickets.issue(ALICE, HOUR))).isPresent();
        assertThat(tickets("login token").account(tickets.issue(ALICE, HOUR))).isEmpty();
    }

    @Test
    void refuseWhatIsNone() {
        for (String text : new String[] {"", ".", "...", ".....", "a.b.c.d", "YWxpY2U.b.c.d.e.f", "!.!.!.!"}) {
            assertThat(tickets.account(text)).as(text).isEmpty();
        }
    }

    private static Session session(long seq) {
        return new Session(ALICE, "PHONE.1", false, false, seq);
    }

    private static Device device(long session) {
        return new Device("PHONE.1", null, new byte[32], session, 0, 0, null);
    }
}
