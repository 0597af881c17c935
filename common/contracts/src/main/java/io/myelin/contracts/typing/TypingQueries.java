package io.myelin.contracts.typing;

import io.myelin.contracts.EphemeralQueries;

/** Queries of the other services to typing-server. */
public interface TypingQueries extends EphemeralQueries<RoomTyping> {}
