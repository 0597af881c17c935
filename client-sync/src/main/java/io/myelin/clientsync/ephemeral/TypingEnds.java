package io.myelin.clientsync.ephemeral;

import io.myelin.clientsync.event.EventContent;
import io.myelin.contracts.room.RoomFact.RoomEvent;
import io.myelin.contracts.typing.SetTyping;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.UserId;
import java.util.function.Consumer;

/**
 * Who leaves a room, is kicked or banned, or is logged out, no longer types there: typing-server is told so, as if they had
 * said it. Each reader says it; to hear it twice changes nothing.
 */
public final class TypingEnds {
    private final TypingCache typing;
    private final Consumer<SetTyping> publisher;

    /** @param publisher does not wait */
    public TypingEnds(TypingCache typing, Consumer<SetTyping> publisher) {
        this.typing = typing;
        this.publisher = publisher;
    }

    /** A live event: ends the typing of the member that it is about, unless that member is in the room. */
    public void event(RoomEvent event) {
        String member = event.stateKey();
        if (member == null || event.aside() || !event.type().equals(EventTypes.MEMBER)) {
            return;
        }
        UserId user = new UserId(member);
        if (typing.isTyping(event.room(), user) && !"join".equals(EventContent.string(event, "membership"))) {
            publisher.accept(new SetTyping(event.room(), user, 0));
        }
    }

    /** One of a user's devices was logged out. If they type on another, it says so again within seconds. */
    public void loggedOut(UserId user) {
        typing.whereTyping(user).forEach(room -> publisher.accept(new SetTyping(room, user, 0)));
    }
}
