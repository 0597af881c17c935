package io.myelin.accountserver.clientconfig;

import io.myelin.accountserver.account.DatumLookup;
import io.myelin.contracts.account.DefaultPushRules;
import io.myelin.contracts.receipt.Receipt;
import io.myelin.contracts.receipt.ReceiptQueries.NumberedReceipt;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Account data as clients read it: the data that they have set, and two types that are kept in other places. These are the
 * fully read marker of a room, which receipt-server keeps, and the push rules. Client-server API, "Client Config", "Fully
 * read markers".
 */
public final class ClientAccountData implements DatumLookup {
    private static final String PUSH_RULES = "m.push_rules";

    /** The types that no client can set as account data, neither globally nor for a room. */
    private static final Set<String> MANAGED = Set.of(Receipt.FULLY_READ, PUSH_RULES);

    /** Finds a user's receipts in a room. */
    @FunctionalInterface
    public interface ReceiptLookup {
        List<NumberedReceipt> receiptsOf(RoomId room, UserId user);
    }

    private final DatumLookup kept;
    private final ReceiptLookup receipts;
    private final DefaultPushRules pushRules;

    /** @param kept the account data that clients have set */
    public ClientAccountData(DatumLookup kept, ReceiptLookup receipts, DefaultPushRules pushRules) {
        this.kept = kept;
        this.receipts = receipts;
        this.pushRules = pushRules;
    }

    /** Whether a type can be read as account data but is set through an endpoint of its own. */
    public static boolean isManaged(String type) {
        return MANAGED.contains(type);
    }

    @Override
    public Optional<byte[]> find(UserId user, @Nullable RoomId room, String type) {
        if (!isManaged(type)) {
            return kept.find(user, room, type);
        }
        if (room == null) {
            return type.equals(PUSH_RULES) ? Optional.of(CanonicalJson.encode(pushRules.of(user))) : Optional.empty();
        }
        return type.equals(Receipt.FULLY_READ) ? fullyRead(user, room) : Optional.empty();
    }

    private Optional<byte[]> fullyRead(UserId user, RoomId room) {
        return receipts.receiptsOf(room, user).stream()
                .map(NumberedReceipt::receipt)
                .filter(receipt -> receipt.type().equals(Receipt.FULLY_READ))
                .findFirst()
                .map(marker -> CanonicalJson.encode(
                        JsonObject.of("event_id", marker.event().value())));
    }
}
