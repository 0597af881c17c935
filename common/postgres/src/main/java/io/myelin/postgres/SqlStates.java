package io.myelin.postgres;

import io.myelin.engine.StoreUnavailable;
import io.myelin.engine.shard.CommitOutcome;
import io.myelin.engine.shard.CommitOutcome.Refused;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** What an SQLSTATE says about trying again. */
final class SqlStates {

    private SqlStates() {}

    static Refused refused(SQLException e) {
        return new Refused(reason(e.getSQLState()), e.getSQLState() + " " + e.getMessage());
    }

    /** @param what the operation that failed */
    static StoreUnavailable unavailable(String what, SQLException e) {
        boolean isLasting = e.getSQLState() != null && !passes(e.getSQLState());
        return new StoreUnavailable(what + ": " + e.getMessage(), e, isLasting);
    }

    private static CommitOutcome.Reason reason(@Nullable String state) {
        if (state == null) {
            return CommitOutcome.Reason.LASTING;
        } else if (isTooMuch(state)) {
            return CommitOutcome.Reason.TOO_MUCH;
        } else if (passes(state)) {
            return CommitOutcome.Reason.PASSING;
        } else if (state.equals("23505")) {
            return CommitOutcome.Reason.DUPLICATE_KEY;
        }
        return CommitOutcome.Reason.LASTING;
    }

    /**
     * Whether the failure is temporary: connection, resources, serialization, operator intervention, a lock, a
     * time-out.
     */
    private static boolean passes(String state) {
        return state.startsWith("08")
                || state.startsWith("40")
                || state.startsWith("53")
                || state.startsWith("57")
                || state.startsWith("25P0")
                || state.equals("55P03");
    }

    /** Whether the transaction was too large: cancelled, timed out, out of memory, or over a program limit. */
    private static boolean isTooMuch(String state) {
        return state.equals("57014")
                || state.equals("25P03")
                || state.equals("25P04")
                || state.equals("53200")
                || state.startsWith("54");
    }
}
