package io.myelin.accountserver.threepid;

import io.myelin.matrix.id.UserId;
import java.util.List;
import java.util.Optional;

/** The addresses of users. An address belongs to one user at most. Times are milliseconds since the epoch. */
public interface ThirdPartyIds {
    /** How many addresses a user may have. */
    int MOST = 100;

    /** An address of a user. */
    record Owned(ThirdPartyId id, long validatedAt, long addedAt) {}

    /** An address that is published at an identity server. */
    record Binding(ThirdPartyId id, String idServer) {}

    List<Owned> of(UserId user);

    Optional<UserId> owner(ThirdPartyId id);

    /** @return whether it is the user's now; false if it belongs to another, or if the user has too many */
    boolean add(UserId user, ThirdPartyId id, long validatedAt, long now);

    /** @return whether it was the user's */
    boolean remove(UserId user, ThirdPartyId id);

    List<Binding> bindings(UserId user);

    void bound(UserId user, Binding binding);

    void unbound(UserId user, Binding binding);

    /** Forgets all addresses of a user whose account is closed; the bindings stay until they are removed one by one. */
    void removeAll(UserId user);
}
