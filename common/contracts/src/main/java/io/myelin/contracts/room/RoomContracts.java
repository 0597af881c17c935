package io.myelin.contracts.room;

import io.myelin.contracts.Contract;

/** The contracts that room-server offers to the other services. */
public final class RoomContracts {
    private static final String SERVICE = "room-server";

    public static final Contract<RoomQueries> QUERIES = new Contract<>(SERVICE, "queries", RoomQueries.class, false);

    public static final Contract<RoomGraphQueries> GRAPH =
            new Contract<>(SERVICE, "graph", RoomGraphQueries.class, false);

    private RoomContracts() {}
}
