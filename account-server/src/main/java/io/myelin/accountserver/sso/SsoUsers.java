package io.myelin.accountserver.sso;

import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The local user that a user of the single sign-on service is. */
public final class SsoUsers {
    private final ServerName server;
    private final SsoIdentities identities;
    private final boolean takesExisting;
    private final @Nullable String reserved;

    /**
     * @param takesExisting whether an account of the same name that was made otherwise is the subject's
     * @param reserved a localpart that no subject gets
     */
    public SsoUsers(ServerName server, SsoIdentities identities, boolean takesExisting, @Nullable String reserved) {
        this.server = server;
        this.identities = identities;
        this.takesExisting = takesExisting;
        this.reserved = reserved;
    }

    /**
     * Which user a subject is.
     *
     * @param mayExist false if an account of this name that there is already belongs to somebody else, as far as is known:
     *     whoever registered the name first need not be the subject
     */
    public record Match(UserId user, boolean mayExist) {}

    /**
     * The user who was remembered, otherwise the one whose name is that of the subject. Empty if no user can have that
     * name.
     */
    public Optional<Match> user(String provider, String subject) {
        Optional<UserId> known = identities.user(provider, subject);
        return known.isPresent()
                ? known.map(user -> new Match(user, true))
                : UserId.tryParse("@" + localpart(subject) + ":" + server)
                        .filter(user -> !user.localpart().equals(reserved))
                        .map(user -> new Match(user, takesExisting));
    }

    public void remember(String provider, String subject, UserId user) {
        identities.remember(provider, subject, user);
    }

    /** Undoes {@link #remember}. */
    public void forget(String provider, String subject, UserId user) {
        identities.forget(provider, subject, user);
    }

    public boolean has(UserId user) {
        return identities.has(user);
    }

    /** Appendices, "Mapping from other character sets": in lower case, and other bytes as {@code =} and two digits. */
    static String localpart(String subject) {
        StringBuilder localpart = new StringBuilder();
        for (byte each : subject.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (each & 0xFF);
            boolean stays = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || "._-/+".indexOf(c) >= 0;
            localpart.append(stays ? String.valueOf(c) : "=%02x".formatted((int) c));
        }
        return localpart.charAt(0) == '_' ? "=5f" + localpart.substring(1) : localpart.toString();
    }
}
