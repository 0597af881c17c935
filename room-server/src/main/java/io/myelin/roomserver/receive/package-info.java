/**
 * The checks of an event of another server, one class for each check, in the order of the server-server API, "Checks
 * performed on receipt of a PDU". {@link io.myelin.roomserver.receive.FormatCheck} (1), {@link
 * io.myelin.roomserver.receive.SignatureCheck} (2), {@link io.myelin.roomserver.receive.ContentHashCheck} (3), {@link
 * io.myelin.roomserver.receive.AuthEventsCheck} (4), {@link io.myelin.roomserver.receive.StateBeforeCheck} (5), {@link
 * io.myelin.roomserver.receive.CurrentStateCheck} (6). The room's policy server (7) is asked by the service that sends the
 * events here, since room-server does not speak to other servers.
 */
@NullMarked
package io.myelin.roomserver.receive;

import org.jspecify.annotations.NullMarked;
