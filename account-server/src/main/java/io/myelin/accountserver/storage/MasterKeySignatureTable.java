package io.myelin.accountserver.storage;

import io.myelin.accountserver.account.UserKeys.KeySignature;
import io.myelin.accountserver.account.UserKeys.SignedMaster;
import io.myelin.matrix.id.UserId;
import io.myelin.postgres.Column;
import io.myelin.postgres.Column.Type;
import io.myelin.postgres.TableRows;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table {@code master_key_signature}, in the shards of those who signed. */
final class MasterKeySignatureTable {
    final TableRows rows = TableRows.upsert(
            "master_key_signature",
            3,
            Column.of("shard", Type.INT),
            Column.of("user_id", Type.TEXT),
            Column.of("signed_user", Type.TEXT),
            Column.of("master_key", Type.TEXT),
            Column.of("signer", Type.TEXT),
            Column.of("signature", Type.TEXT),
            Column.of("seq", Type.LONG));

    final TableRows deletions = TableRows.deleteOlder(
            "master_key_signature",
            3,
            Column.of("shard", Type.INT),
            Column.of("user_id", Type.TEXT),
            Column.of("signed_user", Type.TEXT),
            Column.of("seq", Type.LONG));

    private record Row(UserId signed, SignedMaster master) {}

    void put(int shard, UserId user, UserId signed, @Nullable SignedMaster master, long seq) {
        if (master == null) {
            deletions.add(shard, user.value(), signed.value(), seq);
        } else {
            rows.add(
                    shard,
                    user.value(),
                    signed.value(),
                    master.key(),
                    master.signature().keyId(),
                    master.signature().signature(),
                    seq);
        }
    }

    /** The users whose master keys a user has signed after a number. */
    static List<UserId> signedAfter(JdbcClient jdbc, int shard, UserId user, long after) {
        return jdbc.sql("SELECT signed_user FROM master_key_signature WHERE shard = ? AND user_id = ? AND seq > ?")
                .params(shard, user.value(), after)
                .query((row, _) -> new UserId(row.getString(1)))
                .list();
    }

    Map<UserId, SignedMaster> of(JdbcClient jdbc, int shard, UserId user) {
        Map<UserId, SignedMaster> signed = new HashMap<>();
        jdbc.sql("""
            SELECT signed_user, master_key, signer, signature FROM master_key_signature
             WHERE shard = ? AND user_id = ?\
            """)
                .params(shard, user.value())
                .query((row, _) -> new Row(
                        new UserId(row.getString(1)),
                        new SignedMaster(row.getString(2), new KeySignature(row.getString(3), row.getString(4)))))
                .list()
                .forEach(row -> signed.put(row.signed(), row.master()));
        return signed;
    }
}
