/**
 * What is checked of an event of another server: a class a check, in the order of the server-server API, "Checks performed
 * on receipt of a PDU". {@link io.myelin.roomserver.receive.FormatCheck} (1), {@link
 * io.myelin.roomserver.receive.SignatureCheck} (2), {@link io.myelin.roomserver.receive.ContentHashCheck} (3), {@link
 * io.myelin.roomserver.receive.AuthEventsCheck} (4), {@link io.myelin.roomserver.receive.StateBeforeCheck} (5), {@link
 * io.myelin.roomserver.receive.CurrentStateCheck} (6). What the policy server of a room says (7) is asked by who sends the
 * events here, since nobody here speaks to other servers.
 */
@NullMarked
package io.myelin.roomserver.receive;

import org.jspecify.annotations.NullMarked;
