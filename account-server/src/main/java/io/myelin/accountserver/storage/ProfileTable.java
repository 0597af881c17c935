package io.myelin.accountserver.storage;

import io.myelin.accountserver.account.ProfileRules;
import io.myelin.contracts.Position;
import io.myelin.contracts.account.Profile;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonObjectBuilder;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonRules;
import io.myelin.postgres.Column;
import io.myelin.postgres.Column.Type;
import io.myelin.postgres.TableRows;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table {@code profile}. */
final class ProfileTable {
    /** The incarnation of a profile that was never set; older than every real one. */
    private static final long NO_INCARNATION = 0;

    final TableRows rows = TableRows.upsert(
            "profile",
            2,
            Column.of("shard", Type.INT),
            Column.of("user_id", Type.TEXT),
            Column.of("fields", Type.BYTES),
            Column.of("deactivated", Type.BOOLEAN),
            Column.of("incarnation", Type.LONG),
            Column.of("seq", Type.LONG));

    void put(int shard, Profile profile) {
        rows.add(
                shard,
                profile.user().value(),
                json(profile),
                profile.deactivated(),
                profile.at().incarnation(),
                profile.at().seq());
    }

    /** Empty if the user never had one. */
    Optional<Profile> find(JdbcClient jdbc, int shard, UserId user) {
        return jdbc.sql("SELECT fields, deactivated, incarnation, seq FROM profile WHERE shard = ? AND user_id = ?")
                .params(shard, user.value())
                .query((row, _) -> {
                    Position at = new Position(shard, row.getLong(3), row.getLong(4));
                    Profile profile = ProfileRules.of(Profile.empty(user, at), fields(row.getBytes(1)));
                    return new Profile(
                            user, at, profile.displayName(), profile.avatarUrl(), profile.fields(), row.getBoolean(2));
                })
                .optional();
    }

    static Profile none(int shard, UserId user) {
        return Profile.empty(user, new Position(shard, NO_INCARNATION, 0));
    }

    private static byte[] json(Profile profile) {
        JsonObjectBuilder json = JsonObject.builder();
        ProfileRules.fields(profile)
                .forEach((name, value) -> json.put(name, JsonParser.parse(value, JsonRules.LENIENT)));
        return CanonicalJson.encode(json.build());
    }

    private static SortedMap<String, byte[]> fields(byte[] json) {
        SortedMap<String, byte[]> fields = new TreeMap<>();
        JsonParser.parseObject(json, JsonRules.LENIENT)
                .forEach((name, value) -> fields.put(name, CanonicalJson.encode(value)));
        return fields;
    }
}
