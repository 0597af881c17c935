package io.myelin.roomserver.room;

import io.myelin.contracts.room.RoomFact.StateChange;
import io.myelin.matrix.auth.Membership;
import io.myelin.matrix.json.CodePointOrder;
import io.myelin.matrix.state.StateKey;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The changes of a state's places, as they are published. */
final class StateChanges {

    private static final Comparator<StateKey> BY_PLACE = Comparator.comparing(StateKey::type, CodePointOrder::compare)
            .thenComparing(StateKey::stateKey, CodePointOrder::compare);

    private StateChanges() {}

    static List<StateChange> of(RoomState before, Map<StateKey, Optional<StateEvent>> changes) {
        return changes.entrySet().stream()
                .sorted(Map.Entry.comparingByKey(BY_PLACE))
                .map(change -> {
                    StateEvent replaced = before.events().get(change.getKey());
                    StateEvent event = change.getValue().orElse(null);
                    return new StateChange(
                            change.getKey().type(),
                            change.getKey().stateKey(),
                            replaced == null ? 0 : replaced.seq(),
                            event == null ? 0 : event.seq(),
                            membership(event));
                })
                .collect(Collectors.toList());
    }

    private static @Nullable String membership(@Nullable StateEvent event) {
        Membership membership = event == null ? null : event.membership();
        return membership == null ? null : membership.value();
    }
}
