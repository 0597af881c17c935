package io.myelin.accountserver.clientconfig;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.Position;
import io.myelin.contracts.account.DefaultPushRules;
import io.myelin.contracts.receipt.Receipt;
import io.myelin.contracts.receipt.ReceiptQueries.NumberedReceipt;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClientAccountDataTest {
    private static final UserId ALICE = UserId.parse("@alice:example.org");
    private static final RoomId READ = RoomId.parse("!read:example.org");
    private static final RoomId UNREAD = RoomId.parse("!unread:example.org");

    private final ClientAccountData data = new ClientAccountData(
            (_, _, type) -> Optional.of(("{\"kept\":\"" + type + "\"}").getBytes(UTF_8)),
            (room, _) -> List.of(
                    receipt(Receipt.PUBLIC, "$public"),
                    receipt(room.equals(READ) ? Receipt.FULLY_READ : Receipt.PRIVATE, "$marker")),
            new DefaultPushRules());

    private static NumberedReceipt receipt(String type, String event) {
        return new NumberedReceipt(1, new Receipt(ALICE, type, null, new EventId(event), new Position(0, 1, 1), 0));
    }

    @Test
    void whatClientsSetIsReadAsItWasSet() {
        assertThat(data.find(ALICE, null, "m.direct").orElseThrow())
                .asString(UTF_8)
                .isEqualTo("{\"kept\":\"m.direct\"}");
        assertThat(data.find(ALICE, READ, "m.tag")).isPresent();
    }

    @Test
    void theFullyReadMarkerIsReadAsARoomsData() {
        assertThat(data.find(ALICE, READ, "m.fully_read").orElseThrow())
                .asString(UTF_8)
                .isEqualTo("{\"event_id\":\"$marker\"}");
        assertThat(data.find(ALICE, UNREAD, "m.fully_read")).isEmpty();
        assertThat(data.find(ALICE, null, "m.fully_read")).isEmpty();
    }

    @Test
    void thePushRulesAreReadAsDataOfNoRoom() {
        JsonObject rules =
                JsonParser.parseObject(data.find(ALICE, null, "m.push_rules").orElseThrow());
        assertThat(rules.object("global").orElseThrow().has("override")).isTrue();
        assertThat(data.find(ALICE, READ, "m.push_rules")).isEmpty();
    }

    @Test
    void neitherIsSetLikeAccountData() {
        assertThat(List.of("m.fully_read", "m.push_rules")).allMatch(ClientAccountData::isManaged);
        assertThat(ClientAccountData.isManaged("m.marked_unread")).isFalse();
    }
}
