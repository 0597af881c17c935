package io.myelin.clientsync.cache;

import io.myelin.contracts.room.RoomFact.StateChange;
import io.myelin.contracts.room.RoomFact.StateResolved;
import io.myelin.contracts.room.RoomQueries.ResolvedPlace;
import io.myelin.engine.Numbered;
import io.myelin.matrix.state.StateKey;
import io.myelin.matrix.state.StateMap;
import java.util.ArrayList;
import java.util.List;

/**
 * The places of a room's state that have changed without an event that says so; immutable.
 *
 * @param places the number of the newest resolution that changed each place
 * @param newest the number of the newest resolution of all, before which the state cannot be rolled back; 0 if there
 *     was none
 * @param replaced the number where the whole state was replaced, and with it every place; 0 if it never was
 */
public record Resolutions(StateMap<Long> places, long newest, long replaced) {
    public static final Resolutions NONE = new Resolutions(StateMap.empty(), 0, 0);

    static Resolutions of(List<ResolvedPlace> resolved, long replaced) {
        Resolutions all = new Resolutions(StateMap.empty(), replaced, replaced);
        for (ResolvedPlace place : resolved) {
            all = all.with(place.type(), place.stateKey(), place.seq());
        }
        return all;
    }

    Resolutions with(Numbered<StateResolved> next) {
        Resolutions more = this;
        for (StateChange change : next.fact().changes()) {
            more = more.with(change.type(), change.stateKey(), next.seq());
        }
        return more;
    }

    private Resolutions with(String type, String stateKey, long seq) {
        return new Resolutions(places.with(type, stateKey, seq), Math.max(newest, seq), replaced);
    }

    /**
     * The resolutions of the room as it was at a number. Earlier resolutions of the places changed since are not known,
     * so {@code seq} counts as the newest.
     */
    Resolutions until(long seq) {
        if (seq >= newest) {
            return this;
        }
        StateMap<Long> older = places;
        for (StateKey later : since(seq)) {
            older = older.without(later);
        }
        return new Resolutions(older, seq, replaced > seq ? 0 : replaced);
    }

    /** The number of the newest resolution, or replacement, that changed a place; 0 if none did. */
    public long at(String type, String stateKey) {
        Long seq = places.get(type, stateKey);
        return seq == null ? replaced : Math.max(seq, replaced);
    }

    /** The places that were changed after a number. */
    public List<StateKey> since(long seq) {
        List<StateKey> changed = new ArrayList<>();
        if (newest > seq) {
            places.forEach((place, resolved) -> {
                if (resolved > seq) {
                    changed.add(place);
                }
            });
        }
        return changed;
    }
}
