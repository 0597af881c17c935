package io.myelin.clientsync.cache;

import io.myelin.contracts.account.AccountFact;
import io.myelin.contracts.account.AccountFact.AccountDataChanged;
import io.myelin.contracts.account.AccountQueries.AccountDatum;
import io.myelin.contracts.account.AccountQueries.KeyCounts;
import io.myelin.contracts.account.KeyFact;
import io.myelin.engine.Numbered;
import io.myelin.matrix.acl.InvitePermission;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonRules;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One user's account data, immutable.
 *
 * @param items of the user, and of rooms, in order of their change
 * @param ignored users whose messages and invitations the user does not want ({@code m.ignored_user_list})
 * @param keyCounts of the user's devices that have one-time or fallback keys
 * @param countsKnown whether these are all; an instance of an earlier release tells none
 */
public record AccountItems(
        List<AccountDatum> items, Set<String> ignored, List<KeyCounts> keyCounts, boolean countsKnown) {
    public static final AccountItems NONE = new AccountItems(List.of(), Set.of(), List.of(), true);
    private static final int COUNTS = 300;
    private static final int ITEM = 250;
    private static final int IGNORED = 120;
    private static final List<String> PERMISSIONS =
            List.of(InvitePermission.STABLE, InvitePermission.MSC4380, InvitePermission.MSC4155);
    private static final String IGNORED_USERS = "m.ignored_user_list";

    /**
     * A user who is on their own list is not ignored.
     *
     * @param keyCounts null from an instance of an earlier release
     */
    public static AccountItems of(UserId user, List<AccountDatum> items, @Nullable List<KeyCounts> keyCounts) {
        return of(user, items, keyCounts == null ? List.of() : keyCounts, keyCounts != null);
    }

    private static AccountItems of(
            UserId user, List<AccountDatum> items, List<KeyCounts> keyCounts, boolean countsKnown) {
        AccountDatum list = items.stream()
                .filter(item -> item.room() == null && item.type().equals(IGNORED_USERS))
                .findAny()
                .orElse(null);
        return new AccountItems(
                List.copyOf(items), list == null ? Set.of() : ignoredIn(list.content(), user), keyCounts, countsKnown);
    }

    private static Set<String> ignoredIn(byte[] content, UserId user) {
        return Set.copyOf(JsonParser.parseObject(content, JsonRules.LENIENT)
                .object("ignored_users")
                .orElse(JsonObject.EMPTY)
                .without(user.value())
                .names());
    }

    AccountItems with(Numbered<AccountFact> next) {
        return switch (next.fact()) {
            case AccountDataChanged changed -> with(changed, next.seq());
            case KeyFact.KeyCountsChanged changed ->
                withCounts(
                        changed.device(),
                        new KeyCounts(changed.device(), changed.oneTimeKeys(), changed.unusedFallbackKeys()));
            case AccountFact.DeviceRemoved removed -> withCounts(removed.device(), null);
            default -> this;
        };
    }

    private AccountItems withCounts(String device, @Nullable KeyCounts counts) {
        List<KeyCounts> others = new ArrayList<>(keyCounts);
        others.removeIf(other -> other.device().equals(device));
        if (counts != null) {
            others.add(counts);
        }
        return new AccountItems(items, ignored, List.copyOf(others), countsKnown);
    }

    /** How many keys a device has; none for a device that never had any, null if that is not known. */
    public @Nullable KeyCounts keyCounts(String device) {
        return keyCounts.stream()
                .filter(counts -> counts.device().equals(device))
                .findAny()
                .orElseGet(() -> countsKnown ? new KeyCounts(device, Map.of(), List.of()) : null);
    }

    private AccountItems with(AccountDataChanged changed, long seq) {
        List<AccountDatum> others = new ArrayList<>(items);
        others.removeIf(item ->
                Objects.equals(item.room(), changed.room()) && item.type().equals(changed.type()));
        others.add(new AccountDatum(changed.room(), changed.type(), changed.content(), seq));
        return of(changed.user(), others, keyCounts, countsKnown);
    }

    /**
     * Whether the user wants to see an invitation by somebody: they neither ignore that user, nor have account data that
     * ignores or blocks their invitations. The account data may be newer than the invitation.
     */
    public boolean wantsInvitationBy(UserId inviter) {
        return !ignored.contains(inviter.value())
                && PERMISSIONS.stream()
                        .allMatch(type -> InvitePermission.of(content(type), inviter) == InvitePermission.ALLOW);
    }

    private @Nullable JsonObject content(String type) {
        return items.stream()
                .filter(item -> item.room() == null && item.type().equals(type))
                .findAny()
                .map(item -> JsonParser.parseObject(item.content(), JsonRules.LENIENT))
                .orElse(null);
    }

    /** Bytes on the heap, about. */
    long weight() {
        long bytes = 200;
        for (AccountDatum item : items) {
            bytes += ITEM + item.content().length;
        }
        return bytes + ignored.size() * (long) IGNORED + keyCounts.size() * (long) COUNTS;
    }

    static long weight(Numbered<AccountFact> fact) {
        return fact.fact() instanceof AccountDataChanged changed ? ITEM + changed.content().length : ITEM;
    }

    /** The items that have not changed after a number; the ignored users stay those of now. */
    public AccountItems until(long seq) {
        return new AccountItems(
                items.stream().filter(item -> item.seq() <= seq).toList(), ignored, keyCounts, countsKnown);
    }

    /** The items of a room, or without a room the user's own, that changed after a number. */
    public List<AccountDatum> since(long seq, @Nullable RoomId room) {
        return items.stream()
                .filter(item -> item.seq() > seq && Objects.equals(item.room(), room))
                .toList();
    }

    /** Whether the user has an item of a type that belongs to no room. */
    public boolean has(String type) {
        return items.stream()
                .anyMatch(item -> item.room() == null && item.type().equals(type));
    }

    /** The rooms whose items changed after a number. */
    public Set<RoomId> roomsSince(long seq) {
        Set<RoomId> rooms = new HashSet<>();
        for (AccountDatum item : items) {
            RoomId room = item.room();
            if (item.seq() > seq && room != null) {
                rooms.add(room);
            }
        }
        return rooms;
    }
}
