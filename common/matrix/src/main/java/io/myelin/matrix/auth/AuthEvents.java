package io.myelin.matrix.auth;

import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.event.RequiredSignatures;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.state.StateKey;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Selects the state events that a new event cites in {@code auth_events}. Server-server API, "Auth events selection". */
public final class AuthEvents {
    private static final StateKey CREATE = new StateKey(EventTypes.CREATE, "");
    private static final StateKey POWER_LEVELS = new StateKey(EventTypes.POWER_LEVELS, "");
    private static final StateKey JOIN_RULES = new StateKey(EventTypes.JOIN_RULES, "");

    private AuthEvents() {}

    /** The state keys whose current events, if there are any, become the event's {@code auth_events}; no key twice. */
    public static List<StateKey> select(
            String type, @Nullable String stateKey, UserId sender, JsonObject content, RoomVersion version) {
        if (type.equals(EventTypes.CREATE)) {
            return List.of();
        }
        Set<StateKey> selected = new LinkedHashSet<>();
        if (version.createInAuthEvents()) {
            selected.add(CREATE);
        }
        selected.add(POWER_LEVELS);
        selected.add(member(sender.value()));
        if (type.equals(EventTypes.MEMBER) && stateKey != null) {
            selected.add(member(stateKey));
            selectForMembership(content, version, selected);
        }
        return List.copyOf(selected);
    }

    public static List<StateKey> select(Pdu event) {
        return select(event.type(), event.stateKey(), event.sender(), event.content(), event.version());
    }

    /** The events that this state has for the keys of {@link #select}. */
    public static List<Pdu> of(List<StateKey> selected, AuthState state) {
        List<Pdu> events = new ArrayList<>(selected.size());
        for (StateKey key : selected) {
            Pdu event = state.get(key.type(), key.stateKey());
            if (event != null) {
                events.add(event);
            }
        }
        return events;
    }

    private static void selectForMembership(JsonObject content, RoomVersion version, Set<StateKey> selected) {
        Optional<Membership> membership = content.string("membership").flatMap(Membership::parse);
        if (membership.isEmpty()) {
            return;
        }
        switch (membership.get()) {
            case JOIN -> {
                selected.add(JOIN_RULES);
                if (version.restricted()) {
                    content.string(RequiredSignatures.AUTHORISING_USER).ifPresent(user -> selected.add(member(user)));
                }
            }
            case INVITE -> {
                selected.add(JOIN_RULES);
                content.object("third_party_invite")
                        .flatMap(invite -> invite.object("signed"))
                        .flatMap(signed -> signed.string("token"))
                        .ifPresent(token -> selected.add(new StateKey(EventTypes.THIRD_PARTY_INVITE, token)));
            }
            case KNOCK -> selected.add(JOIN_RULES);
            case LEAVE, BAN -> {
                // the two member events say it all
            }
        }
    }

    private static StateKey member(String user) {
        return new StateKey(EventTypes.MEMBER, user);
    }
}
