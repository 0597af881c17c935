package io.myelin.contracts.room;

/** The change of a membership that a client asks for, named after the endpoints of the specification. */
public enum MembershipAction {
    JOIN,
    INVITE,
    LEAVE,
    KICK,
    BAN,
    UNBAN,
    KNOCK
}
