package io.myelin.clientroomsend.policy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.myelin.contracts.Position;
import io.myelin.contracts.room.PolicyCheck;
import io.myelin.contracts.room.Requester;
import io.myelin.contracts.room.RoomAnswer;
import io.myelin.contracts.room.RoomAnswer.PolicySignatureNeeded;
import io.myelin.contracts.room.RoomCommand;
import io.myelin.contracts.room.RoomCommand.SendEvent;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import io.myelin.web.MatrixException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class PolicedCommandsTest {
    private static final RoomId ROOM = new RoomId("!room:example.org");
    private static final EventId EVENT = new EventId("$event");
    private static final RoomAnswer SENT = new RoomAnswer.EventSent(EVENT, new Position(0, 1, 1));
    private static final SendEvent MESSAGE = new SendEvent(
            ROOM,
            new Requester(new UserId("@alice:example.org"), null, null),
            "m.room.message",
            null,
            "{}".getBytes(UTF_8),
            null,
            null,
            null);

    private final Deque<RoomAnswer> answers = new ArrayDeque<>();
    private final List<RoomCommand> received = new ArrayList<>();
    private final PolicedCommands commands = new PolicedCommands(
            (command, _) -> {
                received.add(command);
                return Objects.requireNonNull(answers.poll());
            },
            PolicySignatureNeeded::event);

    private static PolicySignatureNeeded draft(String event, long state) {
        return new PolicySignatureNeeded(
                new ServerName("policy.example.org"), new byte[32], "12", EVENT, event.getBytes(UTF_8), state);
    }

    private List<PolicyCheck> checks() {
        return received.stream().map(command -> ((SendEvent) command).policy()).toList();
    }

    @Test
    void saysThatItAsksPolicyServers() {
        answers.add(SENT);
        assertThat(commands.execute(MESSAGE, null)).isEqualTo(SENT);
        assertThat(checks()).containsExactly(PolicyCheck.ASKS);
    }

    @Test
    void sendsWhatWasSignedAndAgainWhatWasDraftedAnew() {
        answers.addAll(List.of(draft("one", 7), draft("two", 8), SENT));
        assertThat(commands.execute(MESSAGE, null)).isEqualTo(SENT);
        assertThat(checks())
                .extracting(check -> check.event() == null ? "" : new String(check.event(), UTF_8) + check.state())
                .containsExactly("", "one7", "two8");
    }

    @Test
    void givesUpWhereTheRoomNeverStandsStill() {
        for (int i = 0; i <= PolicedCommands.MOST_DRAFTS; i++) {
            answers.add(draft("draft", i));
        }
        MatrixException refused = catchThrowableOfType(MatrixException.class, () -> commands.execute(MESSAGE, null));
        assertThat(refused.status()).isEqualTo(429);
        assertThat(answers).isEmpty();
    }

    @Test
    void commandsWithoutAnEventAreSentAsTheyAre() {
        answers.add(SENT);
        var forget = new RoomCommand.ForgetRoom(ROOM, new UserId("@alice:example.org"));
        commands.execute(forget, null);
        assertThat(received).containsExactly(forget);
    }

    @Test
    void fewRequestsOfARoomWaitForItsPolicyServer() throws Exception {
        var waiting = new CountDownLatch(PolicedCommands.MOST_AT_ONCE);
        var answered = new CountDownLatch(1);
        var slow = new PolicedCommands(
                (command, _) -> PolicyCheck.ASKS.equals(((SendEvent) command).policy()) ? draft("draft", 7) : SENT,
                needed -> {
                    waiting.countDown();
                    try {
                        answered.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return needed.event();
                });
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<RoomAnswer>> all = new ArrayList<>();
            for (int i = 0; i < PolicedCommands.MOST_AT_ONCE; i++) {
                all.add(threads.submit(() -> slow.execute(MESSAGE, null)));
            }
            waiting.await();
            assertThat(catchThrowableOfType(MatrixException.class, () -> slow.execute(MESSAGE, null))
                            .status())
                    .isEqualTo(429);
            answered.countDown();
            for (Future<RoomAnswer> one : all) {
                assertThat(one.get()).isEqualTo(SENT);
            }
        }
        assertThat(slow.execute(MESSAGE, null)).isEqualTo(SENT);
    }
}
