/**
 * Federation with other homeservers. Of its four layers (messaging, pdu, transaction, transport) only the lowest exists so
 * far. {@link io.myelin.outbound} makes its HTTPS requests. {@link
 * io.myelin.federation.discovery} finds a server by its name. {@link
 * io.myelin.federation.destination} keeps one bad server from harming the others. {@link
 * io.myelin.federationsend.transport.keys} has this server's keys and those of others, and {@link
 * io.myelin.federationsend.transport.authentication} verifies which server sent a request. {@link
 * io.myelin.federationsend.web} has the endpoints for other servers.
 */
@NullMarked
package io.myelin.federationsend;

import org.jspecify.annotations.NullMarked;
