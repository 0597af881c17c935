package io.myelin.roomserver.decide;

import io.myelin.contracts.Cbor;
import io.myelin.contracts.Position;
import io.myelin.contracts.room.RoomAnswer;
import io.myelin.contracts.room.RoomCommand.PruneRedacted;
import io.myelin.contracts.room.RoomTopics;
import io.myelin.engine.shard.Decision;
import io.myelin.engine.shard.Moment;
import io.myelin.engine.shard.Order;
import io.myelin.roomserver.room.Absent;
import io.myelin.roomserver.room.EntityKey;
import io.myelin.roomserver.room.RoomChange;
import io.myelin.roomserver.room.RoomEntity;
import io.myelin.roomserver.room.Unpruned;
import java.util.List;
import java.util.Map;

/**
 * Prunes the stored bodies of events that were redacted long enough ago. Readers have been shown such an event pruned since
 * its redaction, so nothing changes for them. Its ID, content hash and signatures stay.
 */
final class PruneRedactedDecision {

    List<Handler<?>> handlers() {
        return List.of(Handler.of(
                PruneRedacted.class, wish -> List.of(EntityKey.ofUnpruned(wish.until(), wish.step())), this::decide));
    }

    private Decision<RoomEntity, RoomChange> decide(Known known, PruneRedacted command, Moment moment) {
        Unpruned unpruned = known.unpruned(command.until(), command.step());
        Map<String, RoomEntity> changes = Map.of(EntityKey.ofUnpruned(command.until(), command.step()), new Absent());
        List<RoomChange> facts = unpruned.redactions().isEmpty()
                ? List.of()
                : List.of(new RoomChange.Pruned(unpruned.bodies(), unpruned.redactions()));
        Position at = new Position(moment.shard(), moment.incarnation(), moment.seq() - 1 + facts.size());
        return new Decision<>(
                changes, facts, Cbor.encode(new RoomAnswer.RedactedPruned(at)), true, rest(unpruned, command, moment));
    }

    private static List<Order> rest(Unpruned unpruned, PruneRedacted command, Moment moment) {
        PruneRedacted next = new PruneRedacted(command.shard(), command.until(), command.step() + 1);
        return unpruned.isAll()
                ? List.of()
                : List.of(new Order(RoomTopics.INPUT.name(), moment.shard(), Cbor.encode(next)));
    }
}
