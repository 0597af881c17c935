package io.myelin.contracts.typing;

import io.myelin.contracts.EphemeralQueries;

/** What typing-server tells the other services. */
public interface TypingQueries extends EphemeralQueries<RoomTyping> {}
