package io.myelin.roomserver.storage;

import io.myelin.matrix.event.Relation;
import io.myelin.matrix.json.InvalidJson;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonRules;
import io.myelin.roomserver.room.EntityKey;
import io.myelin.roomserver.room.OwnAnnotation;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Finds out whether a user has annotated an event already. Of an event to which very many others relate, only the newest
 * ones are looked at: an older reaction may then be sent twice.
 */
final class StoredAnnotations {
    /** How many events that relate to one are looked at. */
    private static final int MOST_LOOKED_AT = 1_000;

    /** How many of them are parsed, since their bytes look like the annotation. */
    private static final int MOST_PARSED = 20;

    /** Longer bodies are not read: a room's other events wait meanwhile. Reactions of clients are shorter. */
    private static final int MOST_BYTES = 8 << 10;

    private static final String CANDIDATES = """
        SELECT e.body FROM event e WHERE e.shard = ? AND e.seq IN (
                SELECT c.seq FROM event c WHERE c.shard = ? AND %s ORDER BY c.anchor DESC, c.back DESC LIMIT %d)
           AND CASE WHEN octet_length(e.body) > %d THEN false
                    ELSE position('"rel_type":"m.annotation"'::bytea IN e.body) > 0
                         AND position(? IN e.body) > 0 AND position(? IN e.body) > 0 AND position(? IN e.body) > 0 END
           AND NOT %s
         LIMIT %d\
        """.formatted(
            StoredRelations.relates("c", "= ?"), MOST_LOOKED_AT, MOST_BYTES, EventTable.isRedacted("e"), MOST_PARSED);

    /** Whether the index is there. While it is built, reactions may be sent twice: that does less harm than a room that waits. */
    private static final String IS_INDEXED =
            "SELECT EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass('event_related') AND indisvalid)";

    private StoredAnnotations() {}

    static OwnAnnotation find(JdbcClient jdbc, int shard, EntityKey.OfAnnotation annotation) {
        if (!jdbc.sql(IS_INDEXED).query(Boolean.class).single()) {
            return new OwnAnnotation(false);
        }
        List<byte[]> candidates = jdbc.sql(CANDIDATES)
                .params(
                        shard,
                        shard,
                        annotation.target().value(),
                        StoredRelations.member("sender", annotation.sender().value()),
                        StoredRelations.member("type", annotation.type()),
                        StoredRelations.member("key", annotation.key()))
                .query((row, _) -> row.getBytes(1))
                .list();
        return new OwnAnnotation(candidates.stream().anyMatch(body -> is(body, annotation)));
    }

    private static boolean is(byte[] body, EntityKey.OfAnnotation annotation) {
        try {
            JsonObject event = JsonParser.parseObject(body, JsonRules.LENIENT_EVENTS);
            JsonObject content = event.object("content").orElse(JsonObject.EMPTY);
            return event.string("sender")
                            .filter(annotation.sender().value()::equals)
                            .isPresent()
                    && event.string("type").filter(annotation.type()::equals).isPresent()
                    && Relation.annotationKey(content)
                            .filter(annotation.key()::equals)
                            .isPresent()
                    && Relation.of(content)
                            .filter(relation -> relation.equals(new Relation(Relation.ANNOTATION, annotation.target())))
                            .isPresent();
        } catch (InvalidJson damaged) {
            return false;
        }
    }
}
