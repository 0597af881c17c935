package io.myelin.roomserver.room;

import io.myelin.contracts.room.RoomAnswer;

/** Ends a decision: the room's policy server must sign the event before it is taken. */
public final class PolicySignatureNeeded extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient RoomAnswer.PolicySignatureNeeded answer;

    PolicySignatureNeeded(RoomAnswer.PolicySignatureNeeded answer) {
        // This is an answer, not a defect, so nobody reads its stack trace.
        super("A policy server must sign an event", null, false, false);
        this.answer = answer;
    }

    public RoomAnswer.PolicySignatureNeeded answer() {
        return answer;
    }
}
