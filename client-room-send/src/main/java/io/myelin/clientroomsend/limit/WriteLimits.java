package io.myelin.clientroomsend.limit;

import io.myelin.web.AttemptLimit;

/**
 * The limits of what users write.
 *
 * @param messages of a user: messages, state, redactions, knocks, and what moderators do
 * @param joins of a user
 * @param joinsOfRoom into one room
 * @param invitesIntoRoom into one room
 * @param invitesOfUser that one user gets
 * @param invitesByUser that one user sends
 * @param refusedLeaves of a user; a leave that is allowed costs nothing
 * @param newRooms of a user
 * @param signals of a user: receipts and typing
 * @param presence of a user
 * @param delayedEvents what a user does with delayed events
 * @param reports of a user
 */
public record WriteLimits(
        AttemptLimit messages,
        AttemptLimit joins,
        AttemptLimit joinsOfRoom,
        AttemptLimit invitesIntoRoom,
        AttemptLimit invitesOfUser,
        AttemptLimit invitesByUser,
        AttemptLimit refusedLeaves,
        AttemptLimit newRooms,
        AttemptLimit signals,
        AttemptLimit presence,
        AttemptLimit delayedEvents,
        AttemptLimit reports) {}
