package io.myelin.clientsync.ephemeral;

import io.myelin.clientsync.event.EventContent;
import io.myelin.contracts.room.RoomFact.RoomEvent;
import io.myelin.contracts.typing.SetTyping;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.UserId;
import java.util.function.Consumer;

/**
 * Ends the typing of users who leave a room, are kicked or banned, or are logged out: typing-server is told as if they
 * had stopped. Every reader tells it; a repeated notification changes nothing.
 */
public final class TypingEnds {
    private final TypingCache typing;
    private final Consumer<SetTyping> publisher;

    /** @param publisher does not wait */
    public TypingEnds(TypingCache typing, Consumer<SetTyping> publisher) {
        this.typing = typing;
        this.publisher = publisher;
    }

    /** Ends the typing of the member that a live event is about, unless that member is in the room. */
    public void event(RoomEvent event) {
        String member = event.stateKey();
        if (member == null || event.outsideCurrentState() || !event.type().equals(EventTypes.MEMBER)) {
            return;
        }
        UserId user = new UserId(member);
        if (typing.isTyping(event.room(), user) && !"join".equals(EventContent.string(event, "membership"))) {
            publisher.accept(new SetTyping(event.room(), user, 0));
        }
    }

    /**
     * Ends the typing of a user one of whose devices was logged out. If they type on another device, it says so again
     * within seconds.
     */
    public void loggedOut(UserId user) {
        typing.whereTyping(user).forEach(room -> publisher.accept(new SetTyping(room, user, 0)));
    }
}
