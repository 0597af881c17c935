package io.myelin.contracts.account;

import io.myelin.contracts.ShardQueries;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Queries of the other services to account-server. */
public interface AccountQueries extends ShardQueries<AccountFact> {

    /** The session of an access token, by its SHA-256. The token names its user, whose shard is asked. */
    Optional<Session> session(UserId user, byte[] tokenHash);

    /** Empty if the user never existed here. */
    Optional<Profile> profile(UserId user);

    /** One item of account data. */
    record AccountDatum(@Nullable RoomId room, String type, byte[] content, long seq) {}

    /** @param asOf the number in the user's shard up to which the items are complete */
    record AccountData(int shard, long incarnation, long asOf, List<AccountDatum> items) {}

    AccountData accountData(UserId user);

    /**
     * The content of one item of account data.
     *
     * @param room null for global account data
     */
    default Optional<byte[]> accountDatum(UserId user, @Nullable RoomId room, String type) {
        return accountData(user).items().stream()
                .filter(item -> Objects.equals(item.room(), room) && item.type().equals(type))
                .map(AccountDatum::content)
                .findFirst();
    }

    /** The users among these who were erased when their accounts were closed. */
    List<UserId> erased(List<UserId> users);

    /**
     * From where a device was last seen.
     *
     * @param ip the client's address
     * @param userAgent empty if the client did not send one
     * @param seenAt milliseconds since the epoch
     */
    record SeenDevice(UserId user, String device, String ip, String userAgent, long seenAt) {}

    /**
     * Tells from where devices were seen. Any instance takes it; it is no part of the log.
     *
     * @return whether it is kept
     */
    default boolean devicesSeen(List<SeenDevice> devices) {
        return false;
    }

    /** What a user may do at all. */
    record Standing(boolean deactivated, boolean locked, boolean suspended) {}

    /** Empty if the user never existed here. */
    default Optional<Standing> standing(UserId user) {
        return Optional.empty();
    }

    /** The filter's JSON. */
    Optional<byte[]> filter(UserId user, String filterId);
}
