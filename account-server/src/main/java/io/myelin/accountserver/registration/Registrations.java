package io.myelin.accountserver.registration;

import io.myelin.accountserver.account.UserState;
import io.myelin.accountserver.password.Passwords;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import io.myelin.web.MatrixException;
import io.myelin.web.address.ClientAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The checks that all ways to register share: which user names and which passwords are allowed. */
public final class Registrations {
    private static final int MAX_PASSWORD = 512;
    private static final int GENERATED_LENGTH = 14;
    private static final String GENERATED_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789";

    private final ServerName server;
    private final Function<UserId, Optional<UserState.Account>> accounts;
    private final Passwords passwords;
    private final IntSupplier minPasswordLength;
    private final @Nullable String reserved;
    private final RandomGenerator random;

    /**
     * @param minPasswordLength in characters; asked for each password
     * @param reserved the localpart of the user who sends server notices; null if there is none
     */
    public Registrations(
            ServerName server,
            Function<UserId, Optional<UserState.Account>> accounts,
            Passwords passwords,
            IntSupplier minPasswordLength,
            @Nullable String reserved,
            RandomGenerator random) {
        this.server = server;
        this.accounts = accounts;
        this.passwords = passwords;
        this.minPasswordLength = minPasswordLength;
        this.reserved = reserved;
        this.random = random;
    }

    /**
     * The user of this name, in lower case.
     *
     * @throws MatrixException if the name is invalid or already taken
     */
    public UserId free(String username) {
        UserId user = named(username);
        requireFree(user);
        return user;
    }

    /**
     * The user of this name, in lower case, whether or not there is one.
     *
     * @throws MatrixException if the name is invalid
     */
    public UserId named(String username) {
        String localpart = username.toLowerCase(Locale.ROOT);
        if (!UserId.isValidLocalpart(localpart)) {
            throw new MatrixException(
                    400,
                    "M_INVALID_USERNAME",
                    "A user name is made of the characters a-z, 0-9, '.', '_', '=', '-', '/', '+'.");
        }
        if (localpart.startsWith("_")) { // These are for application services, as with Synapse.
            throw new MatrixException(400, "M_INVALID_USERNAME", "A user name does not begin with '_'.");
        }
        if (localpart.equals(reserved)) {
            throw new MatrixException(400, "M_EXCLUSIVE", "The server itself uses this name.");
        }
        return UserId.tryParse("@" + localpart + ":" + server)
                .orElseThrow(() -> new MatrixException(400, "M_INVALID_USERNAME", "The user name is too long."));
    }

    /** @throws MatrixException if the name is already taken */
    public void requireFree(UserId user) {
        if (accounts.apply(user).isPresent()) {
            throw new MatrixException(400, "M_USER_IN_USE", "The user ID is already taken.");
        }
    }

    /** A generated user name. */
    public UserId generate(String prefix) {
        StringBuilder localpart = new StringBuilder(prefix);
        for (int i = 0; i < GENERATED_LENGTH; i++) {
            localpart.append(GENERATED_LETTERS.charAt(random.nextInt(GENERATED_LETTERS.length())));
        }
        return UserId.of(localpart.toString(), server);
    }

    /**
     * Whether a registered user has a password.
     *
     * @param password null if only its hash is known
     * @param hash of the password, as it was kept
     */
    public boolean isPassword(ClientAddress client, UserId user, @Nullable String password, String hash) {
        String theirs = accounts.apply(user)
                .filter(account -> !account.deactivated())
                .map(UserState.Account::passwordHash)
                .orElse(null);
        if (theirs == null) {
            return false;
        }
        return password == null ? theirs.equals(hash) : passwords.matches(client, password, theirs);
    }

    /** The hash of a new password. */
    public String hash(ClientAddress client, String password) {
        check(password);
        return passwords.hash(client, password);
    }

    /** @throws MatrixException if no account may have the password */
    public void check(String password) {
        int least = minPasswordLength.getAsInt();
        if (password.length() < least) {
            throw new MatrixException(400, "M_WEAK_PASSWORD", "A password has at least " + least + " characters.");
        }
        if (password.length() > MAX_PASSWORD) {
            throw new MatrixException(
                    400, "M_INVALID_PARAM", "A password has at most " + MAX_PASSWORD + " characters.");
        }
    }
}
