package io.myelin.accountserver.registration;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The registration tokens that administrators have made. Times are milliseconds since the epoch. */
public interface RegistrationTokens {
    /** How many tokens there may be. */
    int MOST = 10_000;

    boolean exist();

    int count();

    Optional<RegistrationToken> find(String token, long now);

    List<RegistrationToken> all(long now);

    /** @return whether there was no such token */
    boolean insert(String token, @Nullable Integer uses, @Nullable Long expiresAt);

    /** @return whether there is such a token */
    boolean update(String token, @Nullable Integer uses, @Nullable Long expiresAt);

    /** @return whether there was such a token */
    boolean delete(String token);
}
