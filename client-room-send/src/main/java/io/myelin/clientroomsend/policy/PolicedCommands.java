package io.myelin.clientroomsend.policy;

import io.myelin.clientroomsend.command.RoomCommands;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.room.MembershipAction;
import io.myelin.contracts.room.PolicyCheck;
import io.myelin.contracts.room.RoomAnswer.PolicySignatureNeeded;
import io.myelin.contracts.room.RoomAnswer;
import io.myelin.contracts.room.RoomCommand.ChangeMembership;
import io.myelin.contracts.room.RoomCommand.OfEntity;
import io.myelin.contracts.room.RoomCommand.SendEvent;
import io.myelin.engine.shard.TransactionKey;
import io.myelin.web.MatrixException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Sends commands, and has their events signed where room-server says that the room's policy server must sign them. room-server's
 * shard goes on meanwhile; only the request waits.
 */
public final class PolicedCommands implements RoomCommands {
    /** How many requests for one room may wait for its policy server; further ones are refused. */
    static final int MOST_AT_ONCE = 32;

    /** How often an event is drafted anew because the room has changed while its policy server signed it. */
    static final int MOST_DRAFTS = 5;

    /** An event is not drafted anew when its policy server has taken so long, so that a request ends in time. */
    private static final Duration MOST_TIME = Duration.ofSeconds(10);

    private static final long PAUSE_MILLIS = 1_000;

    /** Asks a policy server for its signature. */
    @FunctionalInterface
    public interface Signatures {
        /**
         * The event with the policy server's signature, which is valid, as canonical JSON.
         *
         * @throws MatrixException if the policy server refuses to sign it, does not answer, or signs wrongly
         */
        byte[] sign(PolicySignatureNeeded needed);
    }

    private final RoomCommands commands;
    private final Signatures signatures;
    private final Map<String, Integer> waiting = new ConcurrentHashMap<>();

    public PolicedCommands(RoomCommands commands, Signatures signatures) {
        this.commands = commands;
        this.signatures = signatures;
    }

    @Override
    public RoomAnswer execute(OfEntity command, @Nullable TransactionKey transaction) {
        RoomAnswer answer = commands.execute(with(command, PolicyCheck.ASKS), transaction);
        return answer instanceof PolicySignatureNeeded needed ? signed(command, transaction, needed) : answer;
    }

    private RoomAnswer signed(OfEntity command, @Nullable TransactionKey transaction, PolicySignatureNeeded first) {
        enter(command.entity());
        try {
            long began = System.nanoTime();
            PolicySignatureNeeded needed = first;
            for (int draft = 0; draft < MOST_DRAFTS && System.nanoTime() - began < MOST_TIME.toNanos(); draft++) {
                PolicyCheck check = check(command, needed);
                RoomAnswer answer = commands.execute(with(command, check), transaction);
                if (!(answer instanceof PolicySignatureNeeded again)) {
                    return answer;
                }
                needed = again;
            }
        } finally {
            leave(command.entity());
        }
        throw busy("The room changes too often for its policy server to sign anything. Try again.");
    }

    private void enter(String room) {
        int now = waiting.merge(room, 1, Integer::sum);
        if (now > MOST_AT_ONCE) {
            leave(room);
            throw busy("Too many events wait for the policy server of this room.");
        }
    }

    /** Nobody is kept in a room, or at an invitation, by a policy server that refuses or is away: they leave unsigned. */
    private @Nullable PolicyCheck check(OfEntity command, PolicySignatureNeeded needed) {
        try {
            return new PolicyCheck(signatures.sign(needed), needed.state());
        } catch (MatrixException e) {
            if (command instanceof ChangeMembership change
                    && change.action() == MembershipAction.LEAVE
                    && change.target().equals(change.requester().user())) {
                return null;
            }
            throw e;
        }
    }

    /** The room has too much to do, not the user: what waits to be sent later is sent later. */
    private static MatrixException busy(String error) {
        return MatrixException.with(new MatrixError(429, "M_LIMIT_EXCEEDED", error), "retry_after_ms", PAUSE_MILLIS);
    }

    private void leave(String room) {
        waiting.computeIfPresent(room, (_, count) -> count == 1 ? null : count - 1);
    }

    private static OfEntity with(OfEntity command, @Nullable PolicyCheck check) {
        return switch (command) {
            case SendEvent send ->
                new SendEvent(
                        send.room(),
                        send.requester(),
                        send.type(),
                        send.stateKey(),
                        send.content(),
                        send.redacts(),
                        send.timestamp(),
                        send.profile(),
                        send.sticky(),
                        check);
            case ChangeMembership change ->
                new ChangeMembership(
                        change.room(),
                        change.requester(),
                        change.action(),
                        change.target(),
                        change.reason(),
                        change.profile(),
                        change.extra(),
                        change.joinedElsewhere(),
                        check);
            default -> command;
        };
    }
}
