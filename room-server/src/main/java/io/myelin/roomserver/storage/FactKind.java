package io.myelin.roomserver.storage;

import io.myelin.contracts.room.RoomFact;

/** The kind of a fact in the log. The numbers must never change. */
enum FactKind {
    EVENT(1),
    FORGOTTEN(2),
    DIRECTORY(3),
    ALIAS(4),
    PROFILE(5),
    RESOLVED(6),
    DIFFERENCE(7),
    KEPT(8),
    REPLACED(9),
    HISTORY(12),
    BACKWARD(13),
    EARLY_REDACTION(15),
    PURGED(20),
    REMAINS(21),
    PRUNED(22),
    PURGING(24),
    HISTORY_PURGED(25),
    ADMINISTERED(26);

    final short number;

    FactKind(int number) {
        this.number = (short) number;
    }

    static FactKind of(RoomFact fact) {
        return switch (fact) {
            case RoomFact.RoomEvent _ -> EVENT;
            case RoomFact.RoomForgotten _ -> FORGOTTEN;
            case RoomFact.DirectoryVisibilityChanged _ -> DIRECTORY;
            case RoomFact.AliasChanged _, RoomFact.AliasClaimed _ -> ALIAS;
            case RoomFact.ProfileNoted _ -> PROFILE;
            case RoomFact.StateResolved _ -> RESOLVED;
            case RoomFact.StateDifference _ -> DIFFERENCE;
            case RoomFact.EventKept _ -> KEPT;
            case RoomFact.StateReplaced _ -> REPLACED;
            case RoomFact.PurgeBegun _ -> PURGING;
            case RoomFact.RoomPurged _ -> PURGED;
            case RoomFact.PurgedRowsDeleted _ -> REMAINS;
            case RoomFact.BodiesPruned _ -> PRUNED;
            case RoomFact.HistoryPurged _ -> HISTORY_PURGED;
            case RoomFact.RoomAdministered _ -> ADMINISTERED;
            case RoomFact.HistoryInserted _ -> HISTORY;
            case RoomFact.BackwardExtremity _ -> BACKWARD;
            case RoomFact.EarlyRedaction _ -> EARLY_REDACTION;
            case RoomFact.Unknown _ -> throw new IllegalArgumentException("Nobody decides an unknown fact");
        };
    }

    static FactKind of(short number) {
        for (FactKind kind : values()) {
            if (kind.number == number) {
                return kind;
            }
        }
        throw new IllegalArgumentException("The log has a kind " + number + " that this release does not know");
    }
}
