package io.myelin.server.rpc;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A question whose answer many callers share, but only callers that came before it was sent. At most one question is
 * under way; the next one is sent for all callers that came meanwhile.
 */
final class SharedRequest<A> {
    private final Supplier<CompletableFuture<A>> send;
    private boolean underWay;
    private @Nullable CompletableFuture<A> next;

    /** @param send sends the question; what it returns completes on another thread */
    SharedRequest(Supplier<CompletableFuture<A>> send) {
        this.send = send;
    }

    /** The answer to a question that is sent from now on. */
    CompletableFuture<A> ask() {
        CompletableFuture<A> answer;
        synchronized (this) {
            if (underWay) {
                if (next == null) {
                    next = new CompletableFuture<>();
                }
                return next;
            }
            underWay = true;
            answer = new CompletableFuture<>();
        }
        send(answer);
        return answer;
    }

    private void send(CompletableFuture<A> answer) {
        CompletableFuture<A> sent;
        try {
            sent = send.get();
        } catch (RuntimeException e) {
            sent = CompletableFuture.failedFuture(e);
        }
        sent.whenComplete((result, failure) -> {
            CompletableFuture<A> following = following();
            if (failure == null) {
                answer.complete(result);
                if (following != null) {
                    send(following);
                }
            } else {
                answer.completeExceptionally(failure);
                failed(following, failure);
            }
        });
    }

    private synchronized @Nullable CompletableFuture<A> following() {
        CompletableFuture<A> following = next;
        next = null;
        underWay = following != null;
        return following;
    }

    /**
     * Fails the callers that wait for the next question too: they have waited as long as the others, so the question is
     * not sent again for them.
     */
    private void failed(@Nullable CompletableFuture<A> following, Throwable failure) {
        for (CompletableFuture<A> waiting = following; waiting != null; waiting = following()) {
            waiting.completeExceptionally(failure);
        }
    }
}
