package io.myelin.matrix.room;

/** What a room version may or may not have, so that a version is a list of these. */
public enum RoomRule {
    /** Who is on a server may say which aliases it has, in the room or not: {@code m.room.aliases}. */
    ALIASES_OF_SERVERS,
    /** The rules let a redaction pass only if it may take effect. */
    REDACTIONS_NEED_POWER,
    /** A key signs no event that is younger than the key is valid. */
    KEYS_EXPIRE,
    /** Levels of notifications are guarded as those of events are. */
    GUARDED_NOTIFICATIONS,
    /** Members may ask to be let in. */
    KNOCK,
    /** Members of other rooms may join. */
    RESTRICTED_JOINS,
    /** A join rule that is both of the above. */
    KNOCK_RESTRICTED_JOINS,
    /** Power levels are integers, never strings. */
    INTEGER_POWER_LEVELS,
    /** The creator is who {@code content.creator} of the create event says, not its sender. */
    CREATOR_IN_CONTENT,
    /** The create event is among the auth events of every other event. */
    CREATE_IN_AUTH_EVENTS,
    /** The room ID is the create event's ID with another sigil. */
    ROOM_ID_IS_CREATE_EVENT_HASH,
    /** The sender of the create event and its {@code additional_creators} stand above every power level. */
    INFINITE_POWER_CREATORS
}
