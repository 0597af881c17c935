package io.myelin.contracts.account;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.myelin.contracts.ShardQueries;
import io.myelin.contracts.Unavailable;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import java.util.List;
import java.util.Map;
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

    /**
     * A device that has to-device messages.
     *
     * @param first the number of the oldest
     * @param newest the number of the newest
     */
    record FilledInbox(String device, long first, long newest) {}

    /**
     * How many one-time and fallback keys a device has.
     *
     * @param oneTimeKeys unclaimed ones, by algorithm
     * @param unusedFallbackKeys the algorithms of fallback keys that were not given to anybody
     */
    record KeyCounts(String device, Map<String, Integer> oneTimeKeys, List<String> unusedFallbackKeys) {}

    /**
     * @param asOf the number in the user's shard up to which the items are complete
     * @param keyCounts of the user's devices that have such keys; null from an earlier release
     * @param inboxes the user's devices that have messages; null from an earlier release
     */
    record AccountData(
            int shard,
            long incarnation,
            long asOf,
            List<AccountDatum> items,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            List<KeyCounts> keyCounts,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            List<FilledInbox> inboxes) {

        public AccountData(int shard, long incarnation, long asOf, List<AccountDatum> items) {
            this(shard, incarnation, asOf, items, null, null);
        }
    }

    /**
     * The newest change of one user's device list, as {@link KeyFact} tells of it.
     *
     * @param viewer who can see it; null for everybody who shares a room with the user
     * @param user whose keys to query
     */
    record DeviceListChange(long seq, @Nullable UserId viewer, UserId user) {}

    /**
     * The changes of a shard's device lists after a number, the newest of each user, as all see them who share a room with
     * the user.
     *
     * @param from the changes after this number are complete; greater than what was asked for if there were too many
     */
    record DeviceListChanges(long incarnation, long from, long asOf, List<DeviceListChange> changes) {}

    /**
     * What has changed in the device lists of a shard's users after a number.
     *
     * @param most how many changes the answer has at most; of more, the newest
     */
    default DeviceListChanges deviceListChanges(int shard, long after, int most) {
        return new DeviceListChanges(-1, Long.MAX_VALUE, 0, List.of());
    }

    /**
     * The users whose keys look different to one viewer alone.
     *
     * @param asOf up to which number these are all
     */
    record OwnDeviceListChanges(long incarnation, long asOf, List<UserId> users) {}

    /**
     * The users whose keys one viewer has signed after a number; the viewer among them if their user-signing key is another
     * one.
     *
     * @throws Unavailable from an earlier release
     */
    default OwnDeviceListChanges ownDeviceListChanges(UserId viewer, long after) {
        throw new Unavailable("Who was signed by " + viewer + " cannot be asked for.");
    }

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
