package io.myelin.matrix.room;

/** A rule that some room versions have and others lack. A version is a list of these. */
public enum RoomRule {
    /** A server's users may publish its aliases by {@code m.room.aliases}, whether they are in the room or not. */
    ALIASES_OF_SERVERS,
    /** The authorisation rules allow a redaction only if it may take effect. */
    REDACTIONS_NEED_POWER,
    /** A key may not sign events from after its validity has ended. */
    KEYS_EXPIRE,
    /** Changes of the levels of {@code notifications} are checked like those of {@code events}. */
    GUARDED_NOTIFICATIONS,
    /** Members may ask to be let in. */
    KNOCK,
    /** Members of other rooms may join. */
    RESTRICTED_JOINS,
    /** There is a join rule that permits both of the above. */
    KNOCK_RESTRICTED_JOINS,
    /** Power levels are integers, never strings. */
    INTEGER_POWER_LEVELS,
    /** The creator is {@code content.creator} of the create event, not its sender. */
    CREATOR_IN_CONTENT,
    /** The create event is among the auth events of every other event. */
    CREATE_IN_AUTH_EVENTS,
    /** The room ID is the create event's ID with another sigil. */
    ROOM_ID_IS_CREATE_EVENT_HASH,
    /** The sender of the create event and its {@code additional_creators} are above every power level. */
    INFINITE_POWER_CREATORS
}
