package io.myelin.roomserver.room;

import io.myelin.contracts.room.RoomFact.RedactedBy;
import io.myelin.roomserver.state.StateLayers;
import org.jspecify.annotations.Nullable;

/** About how many bytes of memory an entity takes. */
public final class EntityWeight {

    private static final long LITTLE = 200;

    /** A place of a state takes two small objects, a string, and its part of the trie that finds it. */
    private static final long PLACE = 150;

    private static final long CHARACTER = 2;
    private static final long EXTREMITY = 300;
    private static final long NUMBER = 8;

    /** A set of numbers takes this much even if it is small. */
    private static final long SET = 400;

    /** A user or a room in a list, by name. */
    private static final long NAMED = 150;

    private static final long REMAINING_ROW = 100;

    private EntityWeight() {}

    public static long of(RoomEntity entity) {
        return switch (entity) {
            case Room room ->
                of(room.current())
                        + EXTREMITY * room.extremities().size()
                        + NUMBER * room.resolved().size();
            case NumberedEvent event -> event.pdu().weight();
            case EventEntity event -> LITTLE + event.pdu().weight() + of(event.redactedBy());
            case AwaitedEvent awaited ->
                LITTLE
                        + awaited.redactions().stream()
                                .mapToLong(waiting -> LITTLE + waiting.event().weight())
                                .sum();
            case RelativeState state ->
                of(state.base())
                        + SET
                        + NUMBER * state.difference().size()
                        + PLACE * state.changes().size();
            case StagedState staged -> LITTLE + PLACE * staged.places().size();
            case UserEntity user ->
                4 * LITTLE + NAMED * (user.joined().size() + user.refreshed().size());
            case GuestsOfRoom some -> LITTLE + NAMED * some.guests().size();
            case PendingRooms some -> LITTLE + NAMED * some.rooms().size();
            case EventsBehind behind ->
                LITTLE
                        + behind.nearest().values().stream()
                                .mapToLong(nearest -> SET + NAMED * nearest.size())
                                .sum();
            case Unpruned unpruned ->
                LITTLE
                        + unpruned.bodies().stream()
                                .mapToLong(pruned -> LITTLE + pruned.body().length)
                                .sum();
            case PurgeSlice remains ->
                LITTLE + REMAINING_ROW * 10 * remains.events().size();
            case HistorySlice slice ->
                LITTLE + REMAINING_ROW * (2L * slice.events().size() + slice.logged().size());
            case TooHeavy room -> room.weight();
            case AliasEntity _,
                    PurgedRoom _,
                    HistoryPurge _,
                    BlockedRoom _,
                    HistoryBefore _,
                    OwnAnnotation _,
                    Absent _,
                    Damaged _ -> LITTLE;
        };
    }

    private static long of(RoomState state) {
        return ofState(state.events().size(), state.size().keyChars()) + of(state.layers());
    }

    /**
     * The weight of a state, as far as it is known before the state is built.
     *
     * @param keyChars characters of all state keys
     */
    public static long ofState(long places, long keyChars) {
        return LITTLE + PLACE * places + CHARACTER * keyChars;
    }

    private static long of(StateLayers layers) {
        return layers.layers().stream()
                .mapToLong(layer -> SET + NUMBER * layer.difference().size())
                .sum();
    }

    private static long of(@Nullable RedactedBy by) {
        return by == null ? 0 : LITTLE + by.body().length;
    }
}
