/**
 * Fixtures that play other servers. {@link io.myelin.roomserver.federated.FederatedRoom} is one of their rooms, generated
 * from a seed. {@link io.myelin.roomserver.federated.ReferenceRoom} is the same room as a server has to see it, {@link
 * io.myelin.roomserver.federated.Shuffle} the order in which its events arrive, and {@link
 * io.myelin.roomserver.federated.MalformedPdus} makes PDUs that must be refused. {@link
 * io.myelin.roomserver.federated.StoryRoom} is a room that a test builds itself.
 *
 * <pre>
 * FederatedRoom ── RoomGenerator      who does what next, from a seed
 *                    ├─ Deeds         what users do
 *                    ├─ Misdeeds      what their servers must not let pass
 *                    ├─ Participant   a server and what it has seen of the room
 *                    └─ Composition   from a draft to an event
 * </pre>
 *
 * <p>No class in here uses a class of room-server, so that both sides of a test depend on the specification only.
 */
@NullMarked
package io.myelin.roomserver.federated;

import org.jspecify.annotations.NullMarked;
