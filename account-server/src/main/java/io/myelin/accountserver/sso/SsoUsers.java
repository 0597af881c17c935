package io.myelin.accountserver.sso;

import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** The local user that a user of the single sign-on service is. */
public final class SsoUsers {
    private final ServerName server;
    private final SsoIdentities identities;

    public SsoUsers(ServerName server, SsoIdentities identities) {
        this.server = server;
        this.identities = identities;
    }

    /**
     * The user who was remembered, otherwise the one whose name is that of the subject. Empty if no user can have that
     * name.
     */
    public Optional<UserId> user(String provider, String subject) {
        Optional<UserId> known = identities.user(provider, subject);
        return known.isPresent() ? known : UserId.tryParse("@" + localpart(subject) + ":" + server);
    }

    public void remember(String provider, String subject, UserId user) {
        identities.remember(provider, subject, user);
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
