package io.myelin.matrix.auth;

import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonArray;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** The creators of a room, as its version defines them. */
public final class Creators {
    static final String ADDITIONAL_CREATORS = "additional_creators";

    private Creators() {}

    /**
     * The user who may join right after the create event: its sender; up to version 10 {@code content.creator}, empty if
     * that is missing.
     */
    public static Optional<UserId> first(Pdu createEvent) {
        return createEvent.version().creatorInContent()
                ? createEvent.content().string("creator").map(UserId::new)
                : Optional.of(createEvent.sender());
    }

    /** All creators: the first one, and from version 12 on {@code additional_creators}. */
    public static Set<UserId> all(Pdu createEvent) {
        Set<UserId> creators = new LinkedHashSet<>();
        first(createEvent).ifPresent(creators::add);
        if (createEvent.version().creatorsHaveInfinitePower()) {
            createEvent
                    .content()
                    .array(ADDITIONAL_CREATORS)
                    .orElse(JsonArray.EMPTY)
                    .strings()
                    .map(UserId::new)
                    .forEach(creators::add);
        }
        return creators;
    }

    /** Whether the user is above every power level. */
    static boolean haveInfinitePower(Pdu createEvent, UserId user) {
        return createEvent.version().creatorsHaveInfinitePower()
                && (createEvent.sender().equals(user)
                        || createEvent
                                .content()
                                .array(ADDITIONAL_CREATORS)
                                .orElse(JsonArray.EMPTY)
                                .strings()
                                .anyMatch(user.value()::equals));
    }
}
