package io.myelin.accountserver.sso;

import io.myelin.matrix.id.UserId;
import java.util.List;
import java.util.Optional;

/** Which local user somebody is whom a single sign-on service knows. */
public interface SsoIdentities {

    Optional<UserId> user(String provider, String subject);

    /** Remembers the user; the first one counts. */
    void remember(String provider, String subject, UserId user);

    /** Undoes {@link #remember}. */
    void forget(String provider, String subject, UserId user);

    boolean has(UserId user);

    /**
     * Who somebody is for a single sign-on service.
     *
     * @param provider names the service
     * @param subject the service's name of the user
     */
    record External(String provider, String subject) {}

    /** All that belong to a user, in order. */
    List<External> of(UserId user);
}
