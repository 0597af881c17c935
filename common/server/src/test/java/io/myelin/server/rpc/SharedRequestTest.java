package io.myelin.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SharedRequestTest {
    private final List<CompletableFuture<String>> sent = new ArrayList<>();
    private final SharedRequest<String> question = new SharedRequest<>(() -> {
        var answer = new CompletableFuture<String>();
        sent.add(answer);
        return answer;
    });

    @Test
    void answersWhoAsksAlone() {
        var answer = question.ask();
        sent.getFirst().complete("one");
        assertThat(answer).isCompletedWithValue("one");
        assertThat(sent).hasSize(1);
    }

    @Test
    void whoComesWhileItIsUnderWaySharesOnlyTheNext() {
        var first = question.ask();
        var second = question.ask();
        var third = question.ask();
        assertThat(sent).hasSize(1);
        sent.getFirst().complete("old");
        assertThat(first).isCompletedWithValue("old");
        assertThat(second).isNotDone();
        assertThat(sent).hasSize(2);
        sent.getLast().complete("new");
        assertThat(second).isCompletedWithValue("new");
        assertThat(third).isCompletedWithValue("new");
    }

    @Test
    void isSentAgainAfterItWasAnswered() {
        question.ask();
        sent.getFirst().complete("one");
        var again = question.ask();
        sent.getLast().complete("two");
        assertThat(again).isCompletedWithValue("two");
    }

    @Test
    void whoWaitedForTheirTurnFailWithTheOneBefore() {
        var first = question.ask();
        var second = question.ask();
        sent.getFirst().completeExceptionally(new IOException("dead"));
        assertThat(first).isCompletedExceptionally();
        assertThat(second).isCompletedExceptionally();
        assertThat(sent).hasSize(1);
        question.ask();
        assertThat(sent).hasSize(2);
    }
}
