package io.myelin.roomserver;

import io.myelin.contracts.room.RoomContracts;
import io.myelin.contracts.room.RoomGraphQueries;
import io.myelin.server.rpc.TwoProcesses;
import java.sql.SQLException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

class RoomGraphIT {

    @AutoClose
    private static final RunningRoomServer server = new RunningRoomServer();

    private static final ArrivedRooms rooms = new ArrivedRooms(server);

    @Nested
    class QueriesInTheSameProcess extends RoomGraphQueriesContract {
        QueriesInTheSameProcess() {
            super(rooms);
        }

        @Override
        RoomGraphQueries graph() {
            return server.graph();
        }
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class QueriesOverHttp extends RoomGraphQueriesContract {
        @AutoClose
        private final TwoProcesses processes = TwoProcesses.serving(RoomContracts.GRAPH, server.graph());

        private final RoomGraphQueries graph = processes.proxy(RoomContracts.GRAPH);

        QueriesOverHttp() {
            super(rooms);
        }

        @Override
        RoomGraphQueries graph() {
            return graph;
        }
    }

    /** Earlier releases did not write the column {@code rests_on}. */
    @Test
    void authChainsAreReadFromBodiesWhereTheyAreNotKnownByNumbers() throws SQLException {
        AuthChainCheck check = new AuthChainCheck(server.graph());
        Arrived room = rooms.generated.getLast();
        server.execute("CREATE TABLE room.written AS SELECT shard, seq, rests_on FROM room.event");
        server.execute("UPDATE room.event SET rests_on = NULL WHERE seq % 3 <> 0");
        check.hasItsAuthChains(room);
        check.hasItsAuthDifferences(room);
        server.execute("UPDATE room.event SET rests_on = NULL");
        check.hasItsAuthChains(room);
        check.hasItsAuthChains(rooms.restless);
        server.execute("UPDATE room.event SET rests_on = written.rests_on FROM room.written"
                + " WHERE written.shard = event.shard AND written.seq = event.seq");
    }
}
