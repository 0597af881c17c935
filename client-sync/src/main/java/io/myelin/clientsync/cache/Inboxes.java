package io.myelin.clientsync.cache;

import io.myelin.contracts.account.AccountFact;
import io.myelin.contracts.account.AccountQueries.FilledInbox;
import io.myelin.contracts.account.ToDeviceFact;
import io.myelin.engine.Numbered;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which devices of a user have to-device messages, immutable. The messages themselves are asked for when the device syncs. A
 * user whose devices have none costs nothing.
 */
public record Inboxes(Map<String, Inbox> byDevice, boolean known) {
    public static final Inboxes NONE = new Inboxes(Map.of(), true);

    /** What an instance of an earlier release tells: any device may have messages. */
    private static final Inboxes UNKNOWN = new Inboxes(Map.of(), false);

    private static final int INBOX = 150;

    /**
     * The messages of a device. There may be fewer than these: the oldest give way when there are too many.
     *
     * @param before the number before the oldest
     * @param newest the number of the newest
     */
    public record Inbox(long before, long newest) {}

    /** @param filled null from an instance of an earlier release */
    static Inboxes of(@Nullable List<FilledInbox> filled) {
        if (filled == null) {
            return UNKNOWN;
        }
        if (filled.isEmpty()) {
            return NONE;
        }
        Map<String, Inbox> inboxes = new HashMap<>();
        filled.forEach(inbox -> inboxes.put(inbox.device(), new Inbox(inbox.first() - 1, inbox.newest())));
        return new Inboxes(Map.copyOf(inboxes), true);
    }

    /**
     * Empty if the device has no messages.
     *
     * @param seq of these inboxes
     */
    public Optional<Inbox> of(String device, long seq) {
        Inbox inbox = byDevice.get(device);
        return known || inbox != null ? Optional.ofNullable(inbox) : Optional.of(new Inbox(Long.MAX_VALUE, seq));
    }

    Inboxes with(Numbered<AccountFact> next) {
        return switch (next.fact()) {
            case ToDeviceFact.ToDeviceArrived arrived -> {
                Inbox before = byDevice.get(arrived.device());
                yield with(arrived.device(), new Inbox(before == null ? next.seq() - 1 : before.before(), next.seq()));
            }
            case ToDeviceFact.ToDeviceDropped dropped -> {
                Inbox before = byDevice.get(dropped.device());
                if (before == null) {
                    yield this;
                }
                yield with(
                        dropped.device(),
                        dropped.upTo() >= before.newest()
                                ? null
                                : new Inbox(Math.max(before.before(), dropped.upTo()), before.newest()));
            }
            case AccountFact.DeviceRemoved removed -> with(removed.device(), null);
            default -> this;
        };
    }

    private Inboxes with(String device, @Nullable Inbox inbox) {
        Map<String, Inbox> changed = new HashMap<>(byDevice);
        if (inbox == null) {
            changed.remove(device);
        } else {
            changed.put(device, inbox);
        }
        return changed.isEmpty() && known ? NONE : new Inboxes(Map.copyOf(changed), known);
    }

    /** Bytes on the heap, about. */
    long weight() {
        return byDevice.size() * (long) INBOX;
    }

    static long weight(Numbered<AccountFact> fact) {
        return INBOX;
    }
}
