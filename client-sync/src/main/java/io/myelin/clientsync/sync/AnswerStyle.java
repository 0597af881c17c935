package io.myelin.clientsync.sync;

/** The form of an answer. All but the first two are deprecated, and have no bundles of relations. */
public enum AnswerStyle {
    /** {@code GET /sync}. */
    SYNC,
    /** {@code GET /keys/changes}: device lists alone. It shows nothing of what the client has received. */
    KEY_CHANGES,
    /** {@code GET /initialSync}: all rooms, each with its newest messages and its state. */
    INITIAL_SYNC,
    /** {@code GET /rooms/{id}/initialSync}: the same of a single room. */
    ROOM_INITIAL_SYNC,
    /** {@code GET /events}: what is new, in one list. */
    EVENTS
}
