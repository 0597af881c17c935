package io.myelin.roomserver.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.Cbor;
import io.myelin.contracts.room.Placement;
import io.myelin.contracts.room.RoomCommand;
import io.myelin.contracts.room.RoomCommand.ReceivePdus;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The form in which events of other servers travel. */
class ReceivePdusFormTest {

    private static final RoomId ROOM = new RoomId("!room:one.example");

    private static RoomCommand withOutliers(boolean outliers) {
        byte[] earlier = Cbor.encode(Map.of(
                "kind",
                "receive",
                "room",
                ROOM,
                "version",
                "11",
                "pdus",
                List.of(),
                "keys",
                List.of(),
                "outliers",
                outliers));
        return Cbor.decode(earlier, RoomCommand.class);
    }

    @Test
    void isReadAsItWasBeforeThereWasHistory() {
        assertThat(withOutliers(true)).isEqualTo(new ReceivePdus(ROOM, "11", List.of(), List.of(), Placement.OUTLIER));
        assertThat(withOutliers(false)).isEqualTo(new ReceivePdus(ROOM, "11", List.of(), List.of(), Placement.LIVE));
    }

    @Test
    void namesTheStatesThatAreGiven() {
        ReceivePdus command = new ReceivePdus(
                ROOM,
                "11",
                List.of(),
                List.of(),
                Placement.HISTORY,
                new EventId("$before"),
                Map.of(new EventId("$event"), 17L));

        assertThat(Cbor.decode(Cbor.encode(command), RoomCommand.class)).isEqualTo(command);
    }
}
