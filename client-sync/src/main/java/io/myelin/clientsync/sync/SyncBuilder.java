package io.myelin.clientsync.sync;

import io.myelin.clientsync.cache.AccountItems;
import io.myelin.clientsync.cache.CachedRoom;
import io.myelin.clientsync.cache.ErasedUsers;
import io.myelin.clientsync.cache.RoomLoader;
import io.myelin.clientsync.cache.TimelineEvent;
import io.myelin.clientsync.event.ClientEvents;
import io.myelin.clientsync.filter.SyncFilter;
import io.myelin.clientsync.sync.UserCut.RoomCut;
import io.myelin.clientsync.sync.UserCut.ShardCut;
import io.myelin.contracts.account.AccountQueries.AccountDatum;
import io.myelin.contracts.account.DefaultPushRules;
import io.myelin.contracts.room.RoomFact.RoomEvent;
import io.myelin.contracts.room.RoomQueries.UserRoom;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.state.StateMap;
import io.myelin.web.JsonWriter;
import io.myelin.web.StreamedJson;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Builds one answer from one cut. */
final class SyncBuilder {
    private static final String PUSH_RULES = "m.push_rules";
    private static final DefaultPushRules DEFAULT_PUSH_RULES = new DefaultPushRules();

    private final SyncRequest request;
    private final Baseline baseline;
    private final UserCut cut;
    private final RoomLoader loader;
    private final RoomSections rooms;
    private final long now;

    /**
     * @param loader for the rare case that a room has to be seen further back than its window reaches
     * @param defaultLimit of a timeline
     * @param now milliseconds since the epoch
     */
    SyncBuilder(
            SyncRequest request,
            Baseline baseline,
            UserCut cut,
            RoomLoader loader,
            ErasedUsers erased,
            int defaultLimit,
            long now) {
        this.request = request;
        this.baseline = baseline;
        this.cut = cut;
        this.loader = loader;
        this.now = now;
        Integer wanted = request.filter().timeline().limit();
        int limit = Math.min(wanted == null ? defaultLimit : wanted, CachedRoom.WINDOW);
        this.rooms = new RoomSections(request, loader, cut.account().items().ignored(), erased, limit, now);
    }

    /** @param sent which members this connection was sent already */
    SyncAnswer build(StateMap<Long> sent) {
        SyncSections sections = new SyncSections();
        SyncFilter filter = request.filter();
        MemberChoice members = new MemberChoice(filter, request.user(), sent);
        for (ShardCut shard : cut.shards()) {
            gather(shard, members, sections);
        }
        AccountItems account = cut.account().items();
        long accountAfter = baseline.accountAfter(cut.account().position());
        for (AccountDatum item : account.since(accountAfter, null)) {
            if (filter.accountData().acceptsType(item.type())) {
                sections.accountData.add(item);
            }
        }
        if (request.style() == AnswerStyle.SYNC
                && baseline.hasNoAccountData(cut.account().position())
                && !account.has(PUSH_RULES)
                && filter.accountData().acceptsType(PUSH_RULES)) {
            sections.accountData.add(pushRules());
        }
        sections.presence.addAll(cut.presence().told());
        sections.toDevice.addAll(cut.toDevice().messages());
        sections.devicesChanged.addAll(cut.devices().changed());
        sections.devicesLeft.addAll(cut.devices().left());
        boolean news = baseline.isFirst() || request.fullState() || !sections.isEmpty();
        StreamedJson content = request.style() == AnswerStyle.SYNC
                ? out -> write(out, sections)
                : new DeprecatedAnswer(request, baseline, cut, sections, now)::write;
        var deviceLists = new SyncAnswer.DeviceListNews(
                cut.devices().changed(), cut.devices().left());
        return new SyncAnswer(content, news, cut.token(), sentWith(sections, sent), deviceLists, echo(sections));
    }

    private long echo(SyncSections sections) {
        return sections.join.stream()
                .flatMap(section -> section.timeline().events().stream())
                .map(told -> told.stored().event())
                .filter(event -> event.transactionId() != null
                        && event.sender().equals(request.user())
                        && Objects.equals(event.device(), request.session().device()))
                .mapToLong(RoomEvent::timestamp)
                .max()
                .orElse(0);
    }

    /** The default push rules, which are not stored anywhere. */
    private AccountDatum pushRules() {
        byte[] rules = CanonicalJson.encode(DEFAULT_PUSH_RULES.of(request.user()));
        return new AccountDatum(null, PUSH_RULES, rules, 0);
    }

    private void gather(ShardCut shard, MemberChoice members, SyncSections sections) {
        boolean fresh = baseline.isFresh(shard.shard(), shard.position());
        long after = baseline.after(shard.shard(), shard.position());
        Map<RoomId, RoomEphemerals> ephemerals =
                cut.ephemerals().get(shard.shard()).rooms();
        Set<RoomId> told = new HashSet<>();
        for (RoomCut room : shard.rooms()) {

            switch (room.mine().membership()) {
                case "join" -> {
                    RoomId id = room.room().id();
                    RoomEphemerals its = ephemerals.getOrDefault(id, RoomEphemerals.NONE);
                    List<AccountDatum> items = withMarker(accountData(room.mine(), fresh, after), id, its);
                    RoomSection section = rooms.joined(room, fresh, after, items, its, members);
                    if (!section.isEmpty()) {
                        sections.join.add(section);
                    }
                    told.add(id);
                }
                case "invite" -> {
                    if (cut.account().items().wantsInvitationBy(room.mine().sender())) {
                        sections.invite.add(new StrippedSection(room.room(), request.user()));
                    }
                }
                case "knock" -> sections.knock.add(new StrippedSection(room.room(), request.user()));
                default ->
                    sections.leave.add(rooms.left(room, fresh, after, accountData(room.mine(), fresh, after), members));
            }
        }
        gatherQuiet(shard, ephemerals, told, sections);
    }

    /** Adds joined rooms in which only account data, receipts or typing are new. */
    private void gatherQuiet(
            ShardCut shard, Map<RoomId, RoomEphemerals> ephemerals, Set<RoomId> told, SyncSections sections) {
        long accountAfter = baseline.accountAfter(cut.account().position());
        Set<RoomId> news = new LinkedHashSet<>(ephemerals.keySet());
        news.addAll(cut.account().items().roomsSince(accountAfter));
        for (RoomId id : news) {
            UserRoom mine = shard.mine().get(id);
            if (mine != null
                    && !told.contains(id)
                    && mine.membership().equals("join")
                    && request.filter().wants(id)) {
                RoomEphemerals its = ephemerals.getOrDefault(id, RoomEphemerals.NONE);
                RoomSection section = rooms.quiet(
                        id, shard.position(), withMarker(accountData(mine, false, Long.MAX_VALUE), id, its), its);
                if (!section.isEmpty()) {
                    sections.join.add(section);
                }
            }
        }
    }

    /** Adds the viewer's fully read marker, which is account data that receipt-server keeps. */
    private List<AccountDatum> withMarker(List<AccountDatum> items, RoomId room, RoomEphemerals ephemerals) {
        Optional<AccountDatum> marker = ephemerals.fullyRead(room);
        var filter = request.filter().roomAccountData();
        if (marker.isEmpty()
                || !filter.acceptsRoom(room)
                || !filter.acceptsType(marker.get().type())) {
            return items;
        }
        List<AccountDatum> more = new ArrayList<>(items);
        more.add(marker.get());
        return more;
    }

    /** The room's account data that is new, or all of it if the user has just joined. */
    private List<AccountDatum> accountData(UserRoom mine, boolean fresh, long after) {
        var filter = request.filter().roomAccountData();
        if (!filter.acceptsRoom(mine.room())) {
            return List.of();
        }
        boolean newly = mine.membership().equals("join") && mine.seq() > after;
        long known = fresh || newly ? 0 : baseline.accountAfter(cut.account().position());
        return cut.account().items().since(known, mine.room()).stream()
                .filter(item -> filter.acceptsType(item.type()))
                .toList();
    }

    private StateMap<Long> sentWith(SyncSections sections, StateMap<Long> before) {
        if (!request.filter().lazyLoadsMembers()) {
            return before;
        }
        StateMap<Long> sent = before;
        for (RoomSection section : sections.join) {
            List<TimelineEvent> events = section.timeline().events();
            sent = MemberChoice.sentWith(sent, section.room(), section.state(), events);
        }
        return sent;
    }

    private void write(JsonWriter out, SyncSections sections) {
        ClientEvents events = new ClientEvents(
                request.session(),
                now,
                request.filter().fields(),
                request.filter().federated());
        out.beginObject();
        out.field("next_batch", cut.token().encode());
        out.name("rooms").beginObject();
        writeRooms(out, "join", sections.join, events);
        writeStripped(out, "invite", "invite_state", sections.invite);
        writeStripped(out, "knock", "knock_state", sections.knock);
        writeRooms(out, "leave", sections.leave, events);
        out.endObject();
        AccountSection.write(out, sections.accountData);
        PresenceSection.write(out, sections.presence, now);
        ToDeviceSection.write(out, sections.toDevice);
        String device = request.session().device();
        DeviceSection.write(
                out, sections, device == null ? null : cut.account().items().keyCounts(device));
        out.endObject();
    }

    private void writeRooms(JsonWriter out, String name, List<RoomSection> sections, ClientEvents events) {
        out.name(name).beginObject();
        sections.forEach(section -> section.write(out, events, loader, name.equals("join")));
        out.endObject();
    }

    private static void writeStripped(JsonWriter out, String name, String inner, List<StrippedSection> sections) {
        out.name(name).beginObject();
        sections.forEach(section -> section.write(out, inner));
        out.endObject();
    }
}
