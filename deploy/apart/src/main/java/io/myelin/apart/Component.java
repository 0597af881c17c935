package io.myelin.apart;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What runs apart, in the order in which it starts. */
enum Component {
    POSTGRESQL(Tier.ENGINES, null),
    KAFKA(Tier.ENGINES, new Program("io.myelin.apart.KafkaProcess", 256)),
    ACCOUNT_SERVER(Tier.SERVERS, new Program("io.myelin.accountserver.AccountServerApplication", 256)),
    ROOM_SERVER(Tier.SERVERS, new Program("io.myelin.roomserver.RoomServerApplication", 448)),
    RECEIPT_SERVER(Tier.SERVERS, new Program("io.myelin.receiptserver.ReceiptServerApplication", 160)),
    TYPING_SERVER(Tier.SERVERS, new Program("io.myelin.typingserver.TypingServerApplication", 128)),
    PRESENCE_SERVER(Tier.SERVERS, new Program("io.myelin.presenceserver.PresenceServerApplication", 160)),
    CLIENT_ROOM_SEND(Tier.EDGES, new Program("io.myelin.clientroomsend.ClientRoomSendApplication", 256)),
    CLIENT_SYNC(Tier.EDGES, new Program("io.myelin.clientsync.ClientSyncApplication", 448)),
    FEDERATION_SEND(Tier.EDGES, new Program("io.myelin.federationsend.FederationSendApplication", 160)),
    GATEWAY(Tier.GATEWAY, null);

    /** What starts together; a tier is healthy before the next one starts. They stop in the opposite order. */
    enum Tier {
        ENGINES,
        SERVERS,
        EDGES,
        GATEWAY
    }

    /**
     * A Java program.
     *
     * @param mainClass what the JVM starts
     * @param heapMegabytes the most that its heap may grow to
     */
    record Program(String mainClass, int heapMegabytes) {}

    private final Tier tier;
    private final @Nullable Program program;

    Component(Tier tier, @Nullable Program program) {
        this.tier = tier;
        this.program = program;
    }

    Tier tier() {
        return tier;
    }

    /** What runs it, if it is Java. */
    Optional<Program> program() {
        return Optional.ofNullable(program);
    }

    /** Whether it is one of Myelin's own, of which there can be several. */
    boolean isService() {
        return tier == Tier.SERVERS || tier == Tier.EDGES;
    }

    /** Whether the gateway sends it requests. */
    boolean servesClients() {
        return tier == Tier.EDGES || this == ACCOUNT_SERVER;
    }

    /** As in the wiring diagram: {@code room-server}. */
    String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** @throws Misuse if there is none of that name, with those that there are */
    static Component of(String id) {
        return Arrays.stream(values())
                .filter(component -> component.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new Misuse("There is no component " + id + ". There are: "
                        + Arrays.stream(values()).map(Component::id).collect(Collectors.joining(", ")) + "."));
    }
}
