package io.myelin.clientsync.sync;

import io.myelin.clientsync.token.SyncToken;
import io.myelin.matrix.state.StateMap;

/**
 * An answer to {@code /sync}.
 *
 * @param news whether it tells anything
 * @param sent which members the connection has been sent with it
 */
public record SyncAnswer(byte[] body, boolean news, SyncToken next, StateMap<Long> sent) {}
