package io.myelin.roomserver.storage;

import static io.myelin.postgres.Column.of;

import io.myelin.contracts.room.RoomFact;
import io.myelin.contracts.room.RoomFact.AliasChanged;
import io.myelin.contracts.room.RoomFact.AliasClaimed;
import io.myelin.engine.Numbered;
import io.myelin.matrix.id.RoomAlias;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.postgres.Column.Type;
import io.myelin.postgres.TableRows;
import io.myelin.roomserver.room.AliasEntity;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table of aliases and of claims to them. A deleted one keeps its row, without a room. */
public final class AliasTable {

    private static final String FIND =
            "SELECT room_id, creator, confirmed, lapses FROM alias WHERE shard = ? AND alias = ? AND room_id IS NOT NULL";

    final TableRows rows = TableRows.upsert(
            "alias",
            2,
            of("shard", Type.INT),
            of("alias", Type.TEXT),
            of("room_id", Type.TEXT),
            of("creator", Type.TEXT),
            of("confirmed", Type.BOOLEAN),
            of("lapses", Type.LONG),
            of("seq", Type.LONG));

    void write(int shard, long seq, AliasChanged fact) {
        RoomId room = fact.room();
        rows.add(
                shard,
                fact.alias().value(),
                room == null ? null : room.value(),
                fact.creator().value(),
                true,
                0L,
                seq);
    }

    void write(int shard, long seq, AliasClaimed fact) {
        rows.add(
                shard, fact.alias().value(), fact.room().value(), fact.creator().value(), false, fact.lapses(), seq);
    }

    /** The alias, confirmed or claimed. */
    public Optional<AliasEntity> find(JdbcClient jdbc, int shard, RoomAlias alias) {
        return jdbc.sql(FIND)
                .params(shard, alias.value())
                .query((row, _) -> new AliasEntity(
                        new RoomId(row.getString(1)), new UserId(row.getString(2)), row.getBoolean(3), row.getLong(4)))
                .optional();
    }

    public List<RoomAlias> pointingTo(JdbcClient jdbc, int shardCount, RoomId room) {
        Integer[] shards = IntStream.range(0, shardCount).boxed().toArray(Integer[]::new);
        return jdbc.sql("SELECT alias FROM alias WHERE shard = ANY (?) AND room_id = ? AND confirmed ORDER BY alias")
                .params(shards, room.value())
                .query((row, _) -> new RoomAlias(row.getString(1)))
                .list();
    }

    /** The newest fact of each of these aliases. */
    List<Numbered<RoomFact>> facts(JdbcClient jdbc, int shard, String[] aliases) {
        return jdbc.sql(
                        "SELECT seq, alias, room_id, creator, confirmed, lapses FROM alias WHERE shard = ? AND alias = ANY (?)")
                .params(shard, aliases)
                .query((row, _) -> new Numbered<RoomFact>(row.getLong("seq"), fact(row)))
                .list();
    }

    private static RoomFact fact(ResultSet row) throws SQLException {
        RoomAlias alias = new RoomAlias(row.getString("alias"));
        UserId creator = new UserId(row.getString("creator"));
        @Nullable String room = row.getString("room_id");
        if (room == null || row.getBoolean("confirmed")) {
            return new AliasChanged(alias, room == null ? null : new RoomId(room), creator);
        }
        return new AliasClaimed(alias, new RoomId(room), creator, row.getLong("lapses"));
    }
}
