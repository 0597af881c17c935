package io.myelin.contracts.account;

import io.myelin.contracts.AskedOnce;
import io.myelin.contracts.MatrixError;
import io.myelin.matrix.id.UserId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks identity servers for other services: whose an address is, and to invite whom nobody knows yet. account-server makes
 * the requests, to public addresses only. Identity service API.
 */
public interface IdentityLookups {
    /** How long an answer may take, in seconds: an identity server is connected to and asked, up to twice. */
    int PATIENCE = 60;

    /**
     * An address, and where to ask for it.
     *
     * @param server the identity server's name
     * @param accessToken the asking user's, at the identity server
     * @param medium {@code email} or {@code msisdn}
     */
    record Address(String server, String accessToken, String medium, String address) {}

    /**
     * The answer to {@link #find}.
     *
     * @param user null if nobody has published the address
     * @param error why there is no answer; null if there is one
     */
    record Found(@Nullable UserId user, @Nullable MatrixError error) {}

    /**
     * A key of an identity server.
     *
     * @param publicKey unpadded Base64
     * @param validityUrl asked whether the key is still valid; null if there is none to ask
     */
    record Key(String publicKey, @Nullable String validityUrl) {}

    /**
     * An invitation that an identity server keeps until its address has a user.
     *
     * @param token names the invitation
     * @param displayName the address, made unreadable
     * @param keys those that the identity server may sign the invitation with; the first is its main key
     */
    record Kept(String token, String displayName, List<Key> keys) {}

    /** The answer to {@link #invite}: one of the two. */
    record Invited(@Nullable Kept kept, @Nullable MatrixError error) {}

    @AskedOnce(seconds = PATIENCE)
    Found find(Address address);

    /**
     * Has the identity server keep an invitation, and tell the address of it.
     *
     * @param invitation JSON: the room and the inviter, as {@code /store-invite} takes them
     */
    @AskedOnce(seconds = PATIENCE)
    Invited invite(Address address, byte[] invitation);

    /** Whether the key's server says that the key is valid; false too if it does not answer. */
    @AskedOnce(seconds = PATIENCE)
    boolean isValid(Key key);
}
