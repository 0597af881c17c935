package io.myelin.server.call;

import io.myelin.contracts.account.AccountOwner;
import io.myelin.contracts.account.AccountQueries;
import io.myelin.contracts.presence.PresenceQueries;
import io.myelin.contracts.receipt.ReceiptQueries;
import io.myelin.contracts.room.RoomGraphQueries;
import io.myelin.contracts.room.RoomQueries;
import io.myelin.contracts.typing.TypingQueries;

/** All of them. */
public final class Contracts {

    public static final Contract<RoomQueries> ROOM_QUERIES =
            new Contract<>("room-server", "queries", RoomQueries.class, false);

    public static final Contract<RoomGraphQueries> ROOM_GRAPH_QUERIES =
            new Contract<>("room-server", "graph", RoomGraphQueries.class, false);

    public static final Contract<AccountQueries> ACCOUNT_QUERIES =
            new Contract<>("account-server", "queries", AccountQueries.class, false);

    /** What stands behind {@link io.myelin.contracts.account.AccountCommands}. */
    public static final Contract<AccountOwner> ACCOUNT_OWNER =
            new Contract<>("account-server", "commands", AccountOwner.class, true);

    public static final Contract<ReceiptQueries> RECEIPT_QUERIES =
            new Contract<>("receipt-server", "queries", ReceiptQueries.class, false);

    public static final Contract<TypingQueries> TYPING_QUERIES =
            new Contract<>("typing-server", "queries", TypingQueries.class, true);

    public static final Contract<PresenceQueries> PRESENCE_QUERIES =
            new Contract<>("presence-server", "queries", PresenceQueries.class, true);

    private Contracts() {}
}
