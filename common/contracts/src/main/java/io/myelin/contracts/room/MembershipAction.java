package io.myelin.contracts.room;

/** What a client wants to happen to a membership; the endpoints of the specification. */
public enum MembershipAction {
    JOIN,
    INVITE,
    LEAVE,
    KICK,
    BAN,
    UNBAN,
    KNOCK
}
