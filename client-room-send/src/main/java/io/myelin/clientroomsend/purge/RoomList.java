package io.myelin.clientroomsend.purge;

import io.myelin.clientroomsend.lookup.RoomStates;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.room.ListedRoom;
import io.myelin.contracts.room.RoomQueries;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.MatrixException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Lists the rooms of this server for administrators. All rooms are looked at for a page, up to {@link #MOST_ROOMS}. */
public final class RoomList {
    /** Of a server with more rooms some are missing in the list. */
    static final int MOST_ROOMS = 10_000;

    private static final Comparator<RoomOverview> BY_NAME = byText(RoomOverview::name);

    /** The orders in the words of Synapse's admin API. Numbers and versions come largest first. */
    private static final Map<String, Comparator<RoomOverview>> ORDERS = Map.ofEntries(
            Map.entry("name", BY_NAME),
            Map.entry("alphabetical", BY_NAME),
            Map.entry("canonical_alias", byText(RoomOverview::canonicalAlias)),
            Map.entry("joined_members", byNumber(ListedRoom::joined)),
            Map.entry("size", byNumber(ListedRoom::joined)),
            Map.entry("joined_local_members", byNumber(ListedRoom::joinedLocal)),
            Map.entry("state_events", byNumber(ListedRoom::stateEvents)),
            Map.entry(
                    "version",
                    Comparator.<RoomOverview, String>comparing(
                                    room -> room.listed().version())
                            .reversed()),
            Map.entry("creator", byText(RoomOverview::creator)),
            Map.entry("encryption", byText(RoomOverview::encryption)),
            Map.entry("federatable", Comparator.<RoomOverview, Boolean>comparing(RoomOverview::federatable)),
            Map.entry(
                    "public",
                    Comparator.<RoomOverview, Boolean>comparing(
                            room -> room.listed().published())),
            Map.entry("join_rules", byText(RoomOverview::joinRules)),
            Map.entry("guest_access", byText(RoomOverview::guestAccess)),
            Map.entry("history_visibility", byText(RoomOverview::historyVisibility)));

    /**
     * Which rooms are wanted.
     *
     * @param order one of Synapse's {@code order_by}
     * @param search what the name, the alias or the ID has; null for any
     * @param published null for both; likewise {@code empty}
     */
    public record Wanted(
            long from,
            int limit,
            String order,
            boolean backward,
            @Nullable String search,
            @Nullable Boolean published,
            @Nullable Boolean empty) {}

    /** @param total how many rooms there are in all pages */
    public record Page(List<JsonObject> rooms, int total) {}

    private final RoomQueries rooms;
    private final ServerName server;
    private final int shards;

    /** @param shards how many shards of rooms there are */
    public RoomList(RoomQueries rooms, ServerName server, int shards) {
        this.rooms = rooms;
        this.server = server;
        this.shards = shards;
    }

    /** @throws MatrixException 400 if there is no such order */
    public Page page(Wanted wanted) {
        Comparator<RoomOverview> order = ORDERS.get(wanted.order());
        if (order == null) {
            throw new MatrixException(MatrixError.invalidParam("'order_by' must be one of "
                    + String.join(", ", ORDERS.keySet().stream().sorted().toList()) + "."));
        }
        Comparator<RoomOverview> unique =
                order.thenComparing(room -> room.listed().room());
        List<RoomOverview> found = all().stream()
                .filter(matches(wanted))
                .sorted(wanted.backward() ? unique.reversed() : unique)
                .toList();
        return new Page(
                found.stream()
                        .skip(wanted.from())
                        .limit(wanted.limit())
                        .map(RoomOverview::inList)
                        .toList(),
                found.size());
    }

    /** @throws MatrixException 404 if there is no such room */
    public JsonObject details(RoomId id) {
        Optional<ListedRoom> room = rooms.details(id, server);
        return RoomOverview.of(room.orElseThrow(() -> RoomStates.unknown(id))).details();
    }

    private List<RoomOverview> all() {
        List<RoomOverview> all = new ArrayList<>();
        for (int shard = 0; shard < shards && all.size() < MOST_ROOMS; shard++) {
            RoomId after = null;
            List<ListedRoom> page;
            do {
                page = rooms.listed(shard, after, server);
                page.forEach(room -> all.add(RoomOverview.of(room)));
                after = page.isEmpty() ? null : page.getLast().room();
            } while (page.size() == ListedRoom.PAGE && all.size() < MOST_ROOMS);
        }
        return all;
    }

    private static Predicate<RoomOverview> matches(Wanted wanted) {
        return room -> (wanted.published() == null
                        || wanted.published() == room.listed().published())
                && (wanted.empty() == null || wanted.empty() == (room.listed().joined() == 0))
                && (wanted.search() == null || room.has(wanted.search()));
    }

    private static Comparator<RoomOverview> byText(Function<RoomOverview, Optional<String>> text) {
        return Comparator.<RoomOverview, Boolean>comparing(
                        room -> text.apply(room).isEmpty())
                .thenComparing(room -> text.apply(room)
                        .map(value -> value.toLowerCase(Locale.ROOT))
                        .orElse(""));
    }

    private static Comparator<RoomOverview> byNumber(Function<ListedRoom, Long> number) {
        return Comparator.comparing((RoomOverview room) -> number.apply(room.listed()))
                .reversed();
    }
}
