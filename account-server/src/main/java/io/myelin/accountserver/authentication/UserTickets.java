package io.myelin.accountserver.authentication;

import io.myelin.accountserver.account.Device;
import io.myelin.accountserver.account.UserState;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.crypto.UnpaddedBase64;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Signed tickets that name their user: {@code <localpart>.<ticket>}. One that was made in a session names that too, and is
 * not valid any more once the session has ended: {@code <localpart>.<device>.<session>.<ticket>}. Localpart and device are
 * URL-safe base64.
 */
final class UserTickets {
    private static final int PARTS_OF_A_TICKET = 3;
    private static final int UNBOUND = 1 + PARTS_OF_A_TICKET;
    private static final int BOUND = 3 + PARTS_OF_A_TICKET;

    private final ServerName server;
    private final Tickets tickets;
    private final Function<UserId, Optional<UserState.Account>> accounts;
    private final String purpose;

    /** @param purpose what the tickets are for, such as {@code OpenID} */
    UserTickets(
            ServerName server,
            Tickets tickets,
            Function<UserId, Optional<UserState.Account>> accounts,
            String purpose) {
        this.server = server;
        this.tickets = tickets;
        this.accounts = accounts;
        this.purpose = purpose;
    }

    /** A ticket that is valid however the user's sessions end. */
    String issue(UserId user, Duration validity) {
        return encode(user.localpart()) + "." + tickets.issue(purpose(user), validity);
    }

    /** A ticket that ends with the session at the latest, if the session is one of a device. */
    String issue(Session session, Duration validity) {
        String device = session.device();
        if (device == null) {
            return issue(session.user(), validity);
        }
        String of = encode(device) + "." + session.seq();
        return encode(session.user().localpart()) + "." + of + "."
                + tickets.issue(purpose(session.user()) + " in " + of, validity);
    }

    /** The account of a valid ticket; empty if the ticket is not valid, or if the account is closed. */
    Optional<UserState.Account> account(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != UNBOUND && parts.length != BOUND) {
            return Optional.empty();
        }
        boolean isBound = parts.length == BOUND;
        try {
            String of = isBound ? parts[1] + "." + parts[2] : null;
            return UserId.tryParse("@" + decode(parts[0]) + ":" + server)
                    .filter(user ->
                            tickets.accepts(of == null ? purpose(user) : purpose(user) + " in " + of, ticket(text)))
                    .flatMap(accounts)
                    .filter(account -> !account.deactivated()
                            && (!isBound || isOn(account.devices().get(decode(parts[1])), Long.parseLong(parts[2]))));
        } catch (IllegalArgumentException notATicket) {
            return Optional.empty();
        }
    }

    private static boolean isOn(@Nullable Device device, long session) {
        return device != null && device.session() == session;
    }

    /** The command ID for an accepted ticket. It is the same for every request that uses the ticket. */
    UUID commandOf(String text) {
        return tickets.commandOf(ticket(text));
    }

    private static String ticket(String text) {
        int start = text.length();
        for (int i = 0; i < PARTS_OF_A_TICKET; i++) {
            start = text.lastIndexOf('.', start - 1);
        }
        return text.substring(start + 1);
    }

    private String purpose(UserId user) {
        return purpose + " of " + user;
    }

    private static String encode(String text) {
        return UnpaddedBase64.encodeUrlSafe(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String decode(String text) {
        return new String(UnpaddedBase64.decodeUrlSafe(text), StandardCharsets.UTF_8);
    }
}
