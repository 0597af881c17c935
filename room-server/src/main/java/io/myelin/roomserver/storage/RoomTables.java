package io.myelin.roomserver.storage;

import static java.util.Objects.requireNonNull;

import io.myelin.contracts.room.RoomFact;
import io.myelin.contracts.room.RoomQueries.HistoryPurge;
import io.myelin.contracts.room.RoomQueries.PurgeProgress;
import io.myelin.engine.Committed;
import io.myelin.engine.Numbered;
import io.myelin.matrix.id.RoomId;
import io.myelin.postgres.LogEntry;
import io.myelin.postgres.LogRow;
import io.myelin.postgres.ServiceTables;
import io.myelin.postgres.TableRows;
import io.myelin.roomserver.room.EntityKey;
import io.myelin.roomserver.room.RoomChange;
import io.myelin.roomserver.room.RoomEntity;
import io.myelin.roomserver.room.RoomHead;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * All tables of room-server. The log refers to an event's fact by the event's number, if that is not the fact's own, and to
 * most other facts by the key of the row that they wrote. If that row has a later number, the fact is superseded.
 */
public final class RoomTables implements ServiceTables<RoomEntity, RoomChange> {

    final RoomTable rooms = new RoomTable();
    final EventTable events = new EventTable();
    final MembershipTable memberships = new MembershipTable();
    final ForgottenTable forgotten = new ForgottenTable();
    final DirectoryTable directory = new DirectoryTable();
    final AliasTable aliases = new AliasTable();
    final UserProfileTable profiles = new UserProfileTable();
    final RoomHeadTable heads = new RoomHeadTable();
    final StateChangeTable changes = new StateChangeTable();
    final StateDifferenceTable differences = new StateDifferenceTable();
    final StateReplacementTable replacements = new StateReplacementTable();
    final UnprunedTable unpruned = new UnprunedTable();
    final PurgeTable purges = new PurgeTable();
    final HistoryPurgeTable historyPurges = new HistoryPurgeTable();
    final AdministrationTables administration = new AdministrationTables();
    final HistoryTable histories = new HistoryTable();
    final BackwardExtremityTable backwardExtremities = new BackwardExtremityTable();
    final EarlyRedactionTable earlyRedactions = new EarlyRedactionTable();
    private final EntityLoader loader;

    public RoomTables() {
        this(Long.MAX_VALUE);
    }

    /** @param memory what all entities may take together, in bytes */
    public RoomTables(long memory) {
        loader = new EntityLoader(this, memory);
    }

    public RoomTable rooms() {
        return rooms;
    }

    public MembershipTable memberships() {
        return memberships;
    }

    public DirectoryTable directory() {
        return directory;
    }

    public AliasTable aliases() {
        return aliases;
    }

    public AdministrationTables administration() {
        return administration;
    }

    /** The newest purge of a room's history. */
    public Optional<HistoryPurge> historyPurgeOf(JdbcClient jdbc, int shard, RoomId room) {
        return room.value().indexOf('\0') >= 0
                ? Optional.empty()
                : historyPurges
                        .find(jdbc, shard, room)
                        .map(purge -> new HistoryPurge(purge.number(), purge.complete()));
    }

    /** All purges of rooms' histories in a shard that are not complete. */
    public List<UnfinishedHistoryPurge> unfinishedHistoryPurges(JdbcClient jdbc, int shard) {
        return historyPurges.unfinished(jdbc, shard);
    }

    /** The position of every shard. */
    public Committed[] shards(JdbcClient jdbc, int shardCount) {
        return jdbc.sql("SELECT incarnation, seq FROM shard WHERE id < ? ORDER BY id")
                .param(shardCount)
                .query((row, _) -> new Committed(row.getLong(1), row.getLong(2)))
                .list()
                .toArray(Committed[]::new);
    }

    /** The progress of the newest purge of a room with this ID. */
    public Optional<PurgeProgress> purgeOf(JdbcClient jdbc, int shard, RoomId room) {
        return room.value().indexOf('\0') >= 0 ? Optional.empty() : purges.progress(jdbc, shard, room);
    }

    /** All purges of a shard that are not complete. */
    public List<UnfinishedPurge> unfinishedPurges(JdbcClient jdbc, int shard) {
        return purges.unfinished(jdbc, shard);
    }

    @Override
    public List<TableRows> rows() {
        List<TableRows> written = List.of(
                rooms.rows,
                events.rows,
                events.promotions,
                events.places,
                histories.rows,
                backwardExtremities.rows,
                earlyRedactions.rows,
                memberships.rows,
                memberships.resolvedJoins,
                heads.rows,
                changes.rows,
                differences.rows,
                replacements.rows,
                forgotten.rows,
                directory.rows,
                aliases.rows,
                profiles.rows,
                unpruned.rows,
                unpruned.bodies,
                unpruned.done,
                historyPurges.rows,
                administration.blocked,
                administration.unblocked,
                administration.shutdowns);
        return Stream.concat(written.stream(), purges.rows.stream()).toList();
    }

    @Override
    public void write(int shard, Numbered<RoomChange> numbered) {
        long seq = numbered.seq();
        switch (numbered.fact()) {
            case RoomChange.LiveEvent live -> {
                RoomFact.RoomEvent event = live.published();
                rooms.write(shard, seq, event);
                events.write(shard, seq, live);
                memberships.write(shard, seq, event);
                changes.write(shard, seq, event);
                heads.write(shard, seq, event.created(), live.head());
                unpruned.write(shard, seq, event);
            }
            case RoomChange.Resolution(RoomFact.StateResolved resolved, RoomHead head) -> {
                changes.write(shard, seq, resolved);
                memberships.write(shard, resolved);
                heads.write(shard, seq, resolved.created(), head);
            }
            case RoomChange.KeptEvent kept -> {
                rooms.write(shard, seq, kept.published());
                events.write(shard, seq, kept);
                unpruned.write(shard, seq, kept);
            }
            case RoomChange.Pruned pruned -> unpruned.write(shard, pruned);
            case RoomChange.PurgeStarted started -> purges.write(shard, seq, started);
            case RoomChange.RoomGone gone -> purges.write(shard, seq, gone);
            case RoomChange.RowsDeleted gone -> purges.write(shard, seq, gone);
            case RoomChange.HistoryHidden hidden -> {
                historyPurges.write(shard, seq, hidden);
                purges.write(shard, hidden);
            }
            case RoomChange.HistoryDeleted deleted -> {
                historyPurges.write(shard, deleted);
                purges.write(shard, deleted);
            }
            case RoomChange.BlockSet block -> administration.write(shard, seq, block);
            case RoomChange.ShutdownNoted noted -> administration.write(shard, seq, noted);
            case RoomChange.ShutdownEnded ended -> purges.write(shard, seq, ended);
            case RoomChange.Plain(RoomFact fact) -> write(shard, seq, fact);
        }
    }

    private void write(int shard, long seq, RoomFact fact) {
        switch (fact) {
            case RoomFact.StateDifference difference -> differences.write(shard, seq, difference);
            case RoomFact.StateReplaced replaced -> replacements.write(shard, seq, replaced);
            case RoomFact.HistoryInserted history -> {
                events.write(shard, history);
                histories.write(shard, history);
            }
            case RoomFact.BackwardExtremity extremity -> backwardExtremities.write(shard, seq, extremity);
            case RoomFact.EarlyRedaction redaction -> earlyRedactions.write(shard, seq, redaction);
            case RoomFact.RoomForgotten left -> forgotten.write(shard, seq, left);
            case RoomFact.DirectoryVisibilityChanged changed -> directory.write(shard, seq, changed);
            case RoomFact.AliasChanged changed -> aliases.write(shard, seq, changed);
            case RoomFact.AliasClaimed claimed -> aliases.write(shard, seq, claimed);
            case RoomFact.ProfileNoted noted -> profiles.write(shard, seq, noted);
            case RoomFact.RoomEvent _,
                    RoomFact.StateResolved _,
                    RoomFact.EventKept _,
                    RoomFact.BodiesPruned _,
                    RoomFact.PurgeBegun _,
                    RoomFact.RoomPurged _,
                    RoomFact.PurgedRowsDeleted _,
                    RoomFact.HistoryPurged _,
                    RoomFact.RoomAdministered _,
                    RoomFact.Unknown _ -> throw new IllegalArgumentException("Nothing says where to keep " + fact);
        }
    }

    @Override
    public LogEntry entry(RoomChange change) {
        RoomFact fact = change.published();
        @Nullable
        String reference = switch (fact) {
            case RoomFact.RoomEvent event -> reference(event.number());
            case RoomFact.EventKept event -> reference(event.number());
            case RoomFact.BackwardExtremity extremity -> Long.toString(extremity.created());
            case RoomFact.EarlyRedaction _,
                    RoomFact.StateReplaced _,
                    RoomFact.PurgedRowsDeleted _,
                    RoomFact.HistoryPurged _,
                    RoomFact.RoomAdministered _,
                    RoomFact.BodiesPruned _,
                    RoomFact.Unknown _ -> null;
            case RoomFact.HistoryInserted history -> HistoryTable.reference(history);
            case RoomFact.StateResolved resolved -> resolved.room().value();
            case RoomFact.StateDifference difference -> Long.toString(difference.state());
            case RoomFact.RoomForgotten left -> left.user().value();
            case RoomFact.DirectoryVisibilityChanged changed -> changed.room().value();
            case RoomFact.AliasChanged changed -> changed.alias().value();
            case RoomFact.AliasClaimed claimed -> claimed.alias().value();
            case RoomFact.ProfileNoted noted -> noted.user().value();
            case RoomFact.PurgeBegun begun -> begun.room().value();
            case RoomFact.RoomPurged purged -> purged.room().value();
        };
        return new LogEntry(FactKind.of(fact).number, reference);
    }

    private static @Nullable String reference(long number) {
        return number == 0 ? null : Long.toString(number);
    }

    @Override
    public RoomEntity load(JdbcClient jdbc, int shard, String key) {
        return loader.load(jdbc, shard, key);
    }

    /** The events that a command brings or cites are loaded by one query, since they are many; so are those of a state. */
    @Override
    public String kind(String key) {
        if (EntityKey.isOfNumber(key)) {
            return "pdu";
        }
        return EntityKey.isOfEvent(key) ? "event" : key;
    }

    /** Loading an entity of several states resolves them. */
    @Override
    public boolean computes(String kind) {
        return EntityKey.isOfResolution(kind);
    }

    @Override
    public Map<String, RoomEntity> load(JdbcClient jdbc, int shard, Collection<String> keys) {
        return loader.load(jdbc, shard, keys);
    }

    /** The heaviest fact is an event. */
    @Override
    public int heaviestFact() {
        return 64 << 10;
    }

    @Override
    public long bytes(RoomChange change) {
        if (change instanceof RoomChange.KeptEvent kept) {
            return kept.body().length;
        }
        return change.published() instanceof RoomFact.RoomEvent event ? event.body().length : 0;
    }

    @Override
    public List<Numbered<RoomChange>> facts(JdbcClient jdbc, int shard, List<LogRow> rows) {
        Map<FactKind, List<LogRow>> byKind = new EnumMap<>(FactKind.class);
        for (LogRow row : rows) {
            byKind.computeIfAbsent(FactKind.of(row.kind()), kind -> new ArrayList<>())
                    .add(row);
        }
        Map<Long, RoomFact> facts = new HashMap<>();
        for (Map.Entry<FactKind, List<LogRow>> kind : byKind.entrySet()) {
            facts.putAll(facts(jdbc, shard, kind.getKey(), kind.getValue()));
        }
        List<Numbered<RoomChange>> inOrder = new ArrayList<>();
        for (LogRow row : rows) {
            RoomFact fact = facts.get(row.seq());
            if (fact != null) {
                inOrder.add(new Numbered<>(row.seq(), new RoomChange.Plain(fact)));
            }
        }
        return inOrder;
    }

    private Map<Long, ? extends RoomFact> facts(JdbcClient jdbc, int shard, FactKind kind, List<LogRow> rows) {
        List<Long> seqs = rows.stream().map(LogRow::seq).toList();
        String[] keys = rows.stream()
                .map(LogRow::reference)
                .filter(Objects::nonNull)
                .distinct()
                .toArray(String[]::new);
        return switch (kind) {
            case EVENT -> events.published(jdbc, shard, numbers(rows));
            case KEPT -> events.kept(jdbc, shard, numbers(rows));
            case HISTORY ->
                histories.facts(
                        jdbc,
                        shard,
                        rows.stream().collect(Collectors.toMap(LogRow::seq, row -> requireNonNull(row.reference()))));
            case BACKWARD -> bySeq(backwardExtremities.facts(jdbc, shard, seqs));
            case EARLY_REDACTION -> bySeq(earlyRedactions.facts(jdbc, shard, seqs));
            case RESOLVED -> changes.facts(jdbc, shard, rows);
            case DIFFERENCE -> bySeq(differences.facts(jdbc, shard, keys));
            case REPLACED -> bySeq(replacements.facts(jdbc, shard, seqs));
            case FORGOTTEN -> bySeq(forgotten.facts(jdbc, shard, keys));
            case DIRECTORY -> bySeq(directory.facts(jdbc, shard, keys));
            case ALIAS -> bySeq(aliases.facts(jdbc, shard, keys));
            case PROFILE -> bySeq(profiles.facts(jdbc, shard, keys));
            case PURGING -> PurgeTable.facts(rows, RoomFact.PurgeBegun::new);
            case PURGED -> PurgeTable.facts(rows, RoomFact.RoomPurged::new);
            case HISTORY_PURGED -> bySeq(historyPurges.facts(jdbc, shard, seqs));
            case REMAINS, PRUNED, ADMINISTERED -> Map.of();
        };
    }

    /** The events' numbers: as the log refers to them, or else the facts' own. */
    private static List<Long> numbers(List<LogRow> rows) {
        return rows.stream()
                .map(row -> {
                    String reference = row.reference();
                    return reference == null ? Long.valueOf(row.seq()) : Long.valueOf(reference);
                })
                .toList();
    }

    private static Map<Long, RoomFact> bySeq(List<? extends Numbered<? extends RoomFact>> facts) {
        Map<Long, RoomFact> bySeq = new HashMap<>();
        facts.forEach(fact -> bySeq.put(fact.seq(), fact.fact()));
        return bySeq;
    }
}
