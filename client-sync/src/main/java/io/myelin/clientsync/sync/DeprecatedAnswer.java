package io.myelin.clientsync.sync;

import io.myelin.clientsync.cache.TimelineEvent;
import io.myelin.clientsync.event.ClientEvents;
import io.myelin.clientsync.sync.UserCut.RoomCut;
import io.myelin.contracts.account.AccountQueries.AccountDatum;
import io.myelin.contracts.presence.UserPresence;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.web.JsonWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Writes the answers of the endpoints from before {@code /sync}, from the same sections. Client-server API, "Old sync":
 * {@code /initialSync}, {@code /rooms/{id}/initialSync} and {@code /events}.
 *
 * @param now milliseconds since the epoch
 */
record DeprecatedAnswer(SyncRequest request, Baseline baseline, UserCut cut, SyncSections sections, long now) {

    void write(JsonWriter out) {
        ClientEvents events = new ClientEvents(request.session(), now);
        String end = cut.token().encode();
        Map<RoomId, RoomCut> cuts = new HashMap<>();
        cut.shards()
                .forEach(shard ->
                        shard.rooms().forEach(room -> cuts.put(room.room().id(), room)));
        switch (request.style()) {
            case INITIAL_SYNC -> initialSync(out, events, end, cuts);
            case ROOM_INITIAL_SYNC -> roomInitialSync(out, events, end, cuts);
            case EVENTS, SYNC, KEY_CHANGES -> events(out, events, end, cuts);
        }
    }

    private void initialSync(JsonWriter out, ClientEvents events, String end, Map<RoomId, RoomCut> cuts) {
        out.beginObject().field("end", end);
        out.name("rooms").beginArray();
        sections.join.forEach(section -> whole(out, events, section, end, cuts));
        sections.leave.forEach(section -> whole(out, events, section, end, cuts));
        for (StrippedSection section : sections.invite) {
            out.beginObject();
            head(out, cuts.get(section.room().id()), section.room().id());
            StoredEvent invite = section.room().member(request.user());
            if (invite != null) {
                out.field("inviter", invite.event().sender().value());
                out.name("invite");
                events.writeOld(out, invite);
            }
            out.endObject();
        }
        out.endArray();
        presence(out, _ -> true);
        accountData(out, sections.accountData);
        receipts(out, sections.join);
        out.endObject();
    }

    private void roomInitialSync(JsonWriter out, ClientEvents events, String end, Map<RoomId, RoomCut> cuts) {
        List<RoomSection> rooms = sections.join.isEmpty() ? sections.leave : sections.join;
        out.beginObject();
        if (!rooms.isEmpty()) {
            RoomSection section = rooms.getFirst();
            RoomCut its = cuts.get(section.room());
            room(out, events, section, end, its);
            boolean isJoined = !sections.join.isEmpty();
            presence(
                    out,
                    user -> isJoined
                            && (its == null || its.room().membership(user).equals("join")));
            receipts(out, isJoined ? List.of(section) : List.of());
        }
        out.endObject();
    }

    private void whole(
            JsonWriter out, ClientEvents events, RoomSection section, String end, Map<RoomId, RoomCut> cuts) {
        out.beginObject();
        room(out, events, section, end, cuts.get(section.room()));
        out.endObject();
    }

    private void room(JsonWriter out, ClientEvents events, RoomSection section, String end, @Nullable RoomCut its) {
        head(out, its, section.room());
        out.name("messages").beginObject();
        out.field("start", section.start().encode());
        out.field("end", end);
        out.name("chunk").beginArray();
        section.timeline().events().forEach(event -> events.writeOld(out, event.stored()));
        out.endArray().endObject();
        out.name("state").beginArray();
        section.state()
                .forEach(stored -> events.writeOld(out, section.viewer().shownAsState(stored, section.erased())));
        out.endArray();
        accountData(out, section.accountData());
    }

    private static void head(JsonWriter out, @Nullable RoomCut its, RoomId room) {
        out.field("room_id", room.value());
        if (its != null) {
            out.field("membership", its.mine().membership());
            out.field("visibility", its.room().published() ? "public" : "private");
        }
    }

    private static void accountData(JsonWriter out, List<AccountDatum> items) {
        out.name("account_data").beginArray();
        items.forEach(item -> accountDatum(out, item, null));
        out.endArray();
    }

    private static void accountDatum(JsonWriter out, AccountDatum item, @Nullable RoomId room) {
        out.beginObject().field("type", item.type()).field("content", item.content());
        out.fieldIfPresent("room_id", room == null ? null : room.value());
        out.endObject();
    }

    private static void receipts(JsonWriter out, List<RoomSection> rooms) {
        out.name("receipts").beginArray();
        rooms.forEach(section -> section.ephemerals().writeReceipts(out, section.room()));
        out.endArray();
    }

    /** @param of whose members are told of; null for all users that the sections tell of */
    private void presence(JsonWriter out, Predicate<UserId> tellsOf) {
        out.name("presence").beginArray();
        for (UserPresence user : sections.presence) {
            if (tellsOf.test(user.user())) {
                PresenceSection.writeOld(out, user, now);
            }
        }
        out.endArray();
    }

    private void events(JsonWriter out, ClientEvents events, String end, Map<RoomId, RoomCut> cuts) {
        String start = request.sinceText();
        out.beginObject();
        out.field("start", start == null ? end : start);
        out.field("end", end);
        out.name("chunk").beginArray();
        sections.join.forEach(section -> timeline(out, events, section, cuts));
        sections.leave.forEach(section -> timeline(out, events, section, cuts));
        for (StrippedSection section : sections.invite) {
            StoredEvent invite = section.room().member(request.user());
            if (invite != null) {
                events.writeOld(out, invite);
            }
        }
        sections.join.forEach(section -> {
            section.ephemerals().writeReceipts(out, section.room());
            section.ephemerals().writeTyping(out, section.room());
            section.accountData().forEach(item -> accountDatum(out, item, section.room()));
        });
        sections.accountData.forEach(item -> accountDatum(out, item, null));
        sections.presence.forEach(user -> PresenceSection.writeOld(out, user, now));
        out.endArray().endObject();
    }

    /** What is newer than the client's token: of a room that it has just joined, not what was before. */
    private void timeline(JsonWriter out, ClientEvents events, RoomSection section, Map<RoomId, RoomCut> cuts) {
        RoomCut its = cuts.get(section.room());
        int shard = its == null ? -1 : its.room().shard();
        long after =
                shard < 0 ? 0 : baseline.after(shard, cut.shards().get(shard).position());
        for (TimelineEvent event : section.timeline().events()) {
            if (event.seq() > after) {
                events.writeOld(out, event.stored());
            }
        }
    }
}
