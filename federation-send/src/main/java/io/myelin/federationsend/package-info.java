/**
 * The way to other homeservers and back. Of its four layers (messaging, pdu, transaction, transport) there is the lowest:
 * {@link io.myelin.federationsend.transport.http} speaks HTTPS with the outside, {@link
 * io.myelin.federationsend.transport.discovery} finds a server by its name, {@link
 * io.myelin.federationsend.transport.destination} keeps one bad server from harming the rest, {@link
 * io.myelin.federationsend.transport.keys} are our keys and theirs, and {@link
 * io.myelin.federationsend.transport.authentication} tells who sent a request. {@link io.myelin.federationsend.web} is what
 * other servers can ask of us.
 */
@NullMarked
package io.myelin.federationsend;

import org.jspecify.annotations.NullMarked;
