package io.myelin.matrix.auth;

import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.room.PowerLevelDefaults;
import io.myelin.matrix.room.RoomVersion;
import org.jspecify.annotations.Nullable;

/**
 * The power levels of a room: those of {@code m.room.power_levels}, defaults for the missing ones, and the creators' level.
 * This is a view and copies nothing. Server-server API, "Definitions"; client-server API, {@code m.room.power_levels}.
 */
public final class PowerLevels {
    /** The level of creators from version 12 on, above every level that an event can state. */
    public static final long INFINITE = Long.MAX_VALUE;

    private final RoomVersion version;
    private final Pdu createEvent;
    private final @Nullable Pdu event;
    private final JsonObject content;
    private final PowerLevelDefaults defaults;

    private PowerLevels(Pdu createEvent, @Nullable Pdu powerLevelsEvent) {
        this.version = createEvent.version();
        this.createEvent = createEvent;
        this.event = powerLevelsEvent;
        this.content = powerLevelsEvent == null ? JsonObject.EMPTY : powerLevelsEvent.content();
        this.defaults = version.defaultPowerLevels();
    }

    /** The levels of a room with this create event and this {@code m.room.power_levels}, if it has one. */
    public static PowerLevels of(Pdu createEvent, @Nullable Pdu powerLevelsEvent) {
        return new PowerLevels(createEvent, powerLevelsEvent);
    }

    /**
     * The levels of a room in this state.
     *
     * @throws IllegalStateException if the state has no create event
     */
    public static PowerLevels of(AuthState state) {
        Pdu createEvent = state.get(EventTypes.CREATE, "");
        if (createEvent == null) {
            throw new IllegalStateException("The state of a room has a create event.");
        }
        return of(createEvent, state.get(EventTypes.POWER_LEVELS, ""));
    }

    public long user(UserId user) {
        if (Creators.haveInfinitePower(createEvent, user)) {
            return INFINITE;
        }
        if (event == null) {
            boolean isCreator = !version.creatorsHaveInfinitePower()
                    && Creators.first(createEvent).filter(user::equals).isPresent();
            return isCreator ? defaults.creatorWithoutEvent() : defaults.users();
        }
        return entry("users", user.value(), usersDefault());
    }

    /** The level required to send an event of this type, except membership events. */
    public long required(String type, boolean isState) {
        return entry("events", type, isState ? stateDefault() : eventsDefault());
    }

    public long usersDefault() {
        return level("users_default", defaults.users());
    }

    public long eventsDefault() {
        return level("events_default", defaults.events());
    }

    public long stateDefault() {
        return level("state_default", defaults.state());
    }

    public long invite() {
        return level("invite", defaults.invite());
    }

    public long kick() {
        return level("kick", defaults.kick());
    }

    public long ban() {
        return level("ban", defaults.ban());
    }

    /** The level required to redact another user's event. */
    public long redact() {
        return level("redact", defaults.redact());
    }

    /** The level required for this key of {@code notifications}, such as {@code room}. */
    public long notification(String key) {
        return entry("notifications", key, defaults.notifications());
    }

    public boolean maySend(UserId user, String type, boolean isState) {
        return user(user) >= required(type, isState);
    }

    /**
     * Whether a redaction that the rules allow takes effect on any event, because of its sender's power. In versions 1 and
     * 2 the rules require that power already, so every redaction that they allow does.
     */
    public boolean mayRedactAny(Pdu redaction) {
        return redaction.version().redactionsNeedPower() || user(redaction.sender()) >= redact();
    }

    /**
     * Whether a redaction that the rules allow takes effect on an event of its room: its sender may redact any event, or
     * both senders are on one server. A create event is never redacted. Room versions, "Handling redactions".
     *
     * @param mayRedactAny the result of {@link #mayRedactAny} in the state before the redaction
     */
    public static boolean mayRedact(Pdu redaction, boolean mayRedactAny, Pdu redacted) {
        boolean areOfOneServer =
                redaction.sender().serverName().equals(redacted.sender().serverName());
        return !redacted.type().equals(EventTypes.CREATE) && (mayRedactAny || areOfOneServer);
    }

    /** The same, with these levels as those before the redaction. */
    public boolean mayRedact(Pdu redaction, Pdu redacted) {
        return mayRedact(redaction, mayRedactAny(redaction), redacted);
    }

    static boolean haveSameServer(EventId event, EventId other) {
        return event.serverName().isPresent() && event.serverName().equals(other.serverName());
    }

    private long level(String name, long otherwise) {
        return PowerLevel.read(version, content.get(name)).orElse(otherwise);
    }

    private long entry(String map, String key, long otherwise) {
        return content.get(map) instanceof JsonObject entries
                ? PowerLevel.read(version, entries.get(key)).orElse(otherwise)
                : otherwise;
    }
}
