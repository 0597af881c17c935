package io.myelin.server.wiring;

import io.myelin.contracts.account.AccountTopics;
import io.myelin.contracts.presence.PresenceTopics;
import io.myelin.contracts.receipt.ReceiptTopics;
import io.myelin.contracts.room.RoomTopics;
import io.myelin.contracts.typing.TypingTopics;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The components and the topics between them: the drawing of docs/ARCHITECTURE.md. */
enum Component {
    CLIENT_ROOM_SEND(
            Role.WRITER,
            List.of(),
            List.of(RoomTopics.INPUT, ReceiptTopics.INPUT, TypingTopics.INPUT, PresenceTopics.INPUT)),
    FEDERATION_SEND(Role.WRITER, List.of(), List.of()),
    ROOM_SERVER(Role.SERVER, List.of(RoomTopics.INPUT), List.of(RoomTopics.OUTPUT)),
    RECEIPT_SERVER(Role.SERVER, List.of(ReceiptTopics.INPUT), List.of(ReceiptTopics.OUTPUT)),
    TYPING_SERVER(Role.SERVER, List.of(TypingTopics.INPUT), List.of(TypingTopics.OUTPUT)),
    PRESENCE_SERVER(
            Role.SERVER, List.of(PresenceTopics.INPUT, PresenceTopics.ACTIVITY), List.of(PresenceTopics.OUTPUT)),
    ACCOUNT_SERVER(Role.SERVER, List.of(AccountTopics.INPUT), List.of(AccountTopics.OUTPUT)),
    CLIENT_SYNC(
            Role.READER,
            List.of(
                    RoomTopics.OUTPUT,
                    ReceiptTopics.OUTPUT,
                    TypingTopics.OUTPUT,
                    PresenceTopics.OUTPUT,
                    AccountTopics.OUTPUT),
            List.of(PresenceTopics.ACTIVITY));

    /** Which of the three kinds a component is. */
    enum Role {
        WRITER,
        SERVER,
        READER;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Role role;
    private final List<String> reads;
    private final List<String> writes;

    Component(Role role, List<String> reads, List<String> writes) {
        this.role = role;
        this.reads = reads;
        this.writes = writes;
    }

    Role role() {
        return role;
    }

    List<String> reads() {
        return reads;
    }

    List<String> writes() {
        return writes;
    }

    /** As it is written: {@code room-server}. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether a class is the component's, by its package. */
    boolean owns(Class<?> type) {
        return type.getName()
                .startsWith("io.myelin." + name().toLowerCase(Locale.ROOT).replace("_", "") + ".");
    }

    static Optional<Component> ownerOf(Class<?> type) {
        return Arrays.stream(values()).filter(component -> component.owns(type)).findFirst();
    }

    /** The topics that components read or write, each once, in the order of the drawing. */
    static List<String> topicsOf(Collection<Component> components) {
        return components.stream()
                .sorted()
                .flatMap(component -> Stream.concat(component.reads.stream(), component.writes.stream()))
                .distinct()
                .toList();
    }
}
