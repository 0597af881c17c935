package io.myelin.roomserver.storage;

import static io.myelin.postgres.Column.of;

import io.myelin.contracts.Cbor;
import io.myelin.contracts.account.Profile;
import io.myelin.contracts.room.RoomFact;
import io.myelin.contracts.room.RoomFact.ProfileNoted;
import io.myelin.engine.Numbered;
import io.myelin.matrix.id.UserId;
import io.myelin.postgres.Column.Type;
import io.myelin.postgres.TableRows;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table of the newest profiles that a shard has received. */
public final class UserProfileTable {

    final TableRows rows = TableRows.upsert(
            "user_profile",
            2,
            of("shard", Type.INT),
            of("user_id", Type.TEXT),
            of("profile", Type.BYTES),
            of("seq", Type.LONG));

    void write(int shard, long seq, ProfileNoted fact) {
        rows.add(shard, fact.user().value(), Cbor.encode(fact.profile()), seq);
    }

    Optional<Profile> find(JdbcClient jdbc, int shard, UserId user) {
        return jdbc.sql("SELECT profile FROM user_profile WHERE shard = ? AND user_id = ?")
                .params(shard, user.value())
                .query((row, _) -> Cbor.decode(row.getBytes(1), Profile.class))
                .optional();
    }

    /** The newest fact of each of these users. */
    List<Numbered<RoomFact>> facts(JdbcClient jdbc, int shard, String[] users) {
        return jdbc.sql("SELECT seq, user_id, profile FROM user_profile WHERE shard = ? AND user_id = ANY (?)")
                .params(shard, users)
                .query((row, _) -> new Numbered<RoomFact>(
                        row.getLong(1),
                        new ProfileNoted(new UserId(row.getString(2)), Cbor.decode(row.getBytes(3), Profile.class))))
                .list();
    }
}
