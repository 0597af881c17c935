/**
 * Fixtures that play other servers. {@link io.myelin.roomserver.federated.FederatedRoom} is a room of theirs, from a seed,
 * {@link io.myelin.roomserver.federated.ReferenceRoom} what a server has to make of it, {@link
 * io.myelin.roomserver.federated.Shuffle} the order in which it comes, and {@link
 * io.myelin.roomserver.federated.MalformedPdus} what comes besides. {@link
 * io.myelin.roomserver.federated.StoryRoom} is a room that a test tells itself.
 *
 * <pre>
 * FederatedRoom ── RoomGenerator      who does what next, from a seed
 *                    ├─ Deeds         what users do
 *                    ├─ Misdeeds      what their servers must not let pass
 *                    ├─ Participant   a server and what it has seen of the room
 *                    └─ Composition   from a draft to an event
 * </pre>
 *
 * <p>Nothing in here knows a class of room-server: both sides of a test know the specification only.
 */
@NullMarked
package io.myelin.roomserver.federated;

import org.jspecify.annotations.NullMarked;
