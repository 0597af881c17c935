package io.myelin.server.rpc;

import io.myelin.contracts.AskedOnce;
import io.myelin.contracts.Contract;
import io.myelin.contracts.NotOffered;
import io.myelin.contracts.NotOwner;
import io.myelin.contracts.Unavailable;
import io.myelin.engine.Committed;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.util.backoff.BackOff;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * A contract that another process fulfils. A call goes to the shard's owner; if the owner does not answer, to any other
 * instance that can answer. It is tried again for up to five seconds, so every operation must be repeatable, or {@link
 * AskedOnce}. An operation that an instance lacks, and no other one answers, is not tried again.
 */
final class RemoteCalls implements InvocationHandler {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);
    /**
     * How long an attempt may take at first if there are other instances: an owner that does not answer by then may be
     * dead, and another take over. In each further round it is twice as long, since the one that is alive may be slow.
     */
    private static final long ATTEMPT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final int MOST_DOUBLINGS = 10;

    private static final BackOff PAUSES = pauses(Duration.ofMillis(20), Duration.ofMillis(250));

    private final Contract<?> contract;
    private final int shards;
    private final Instances instances;
    private final InternalHttp http;
    private final CommittedLookup questions;
    private final Operations operations;

    private RemoteCalls(Contract<?> contract, int shards, Instances instances, InternalHttp http) {
        this.contract = contract;
        this.shards = shards;
        this.instances = instances;
        this.http = http;
        this.operations = new Operations(contract);
        this.questions = new CommittedLookup(contract, operations, shards, instances, http);
    }

    static <T> T proxy(Contract<T> contract, int shards, Instances instances, InternalHttp http) {
        return contract.type()
                .cast(Proxy.newProxyInstance(
                        contract.type().getClassLoader(),
                        new Class<?>[] {contract.type()},
                        new RemoteCalls(contract, shards, instances, http)));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments) {
        Operation operation = operations.of(method);
        if (operation == null) { // A method of Object.
            return switch (method.getName()) {
                case "equals" -> arguments != null && proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(proxy);
                default -> contract.service() + " elsewhere";
            };
        }
        return switch (method.getName()) {
            case "committed" -> committed(Operation.shardOf(arguments, shards));
            case "allCommitted" -> allCommitted();
            default -> {
                byte[] body = operation.encodeArguments(arguments);
                int shard = Operation.shardOf(arguments, shards);
                Attempt<byte[]> attempt =
                        (instance, patience) -> http.post(instance, operations.path(operation), body, patience);
                Duration once = operation.asksOnce();
                yield operation.decodeResult(once == null ? ask(shard, attempt) : askOnce(shard, attempt, once));
            }
        };
    }

    private Committed committed(int shard) {
        Committed known = questions.fromOwner(shard);
        return known != null ? known : Objects.requireNonNull(fromAnybody(shard).get(shard));
    }

    private List<Committed> allCommitted() {
        Map<Integer, Committed> known = questions.fromOwners();
        Map<Integer, Committed> all = known.size() == shards ? known : fromAnybody(Operation.ANY_SHARD);
        return IntStream.range(0, shards)
                .mapToObj(shard -> Objects.requireNonNull(known.getOrDefault(shard, all.get(shard))))
                .toList();
    }

    private Map<Integer, Committed> fromAnybody(int shard) {
        return ask(shard, (instance, patience) -> {
            try {
                return questions.fromAnybody(instance).join();
            } catch (CompletionException e) {
                switch (e.getCause()) {
                    case IOException cause -> throw cause;
                    case RuntimeException cause -> throw cause;
                    case null, default -> throw e;
                }
            }
        });
    }

    private interface Attempt<A> {
        A at(URI instance, Duration patience) throws IOException;
    }

    private <A> A ask(int shard, Attempt<A> attempt) {
        long giveUpAt = System.nanoTime() + PATIENCE_NANOS;
        Exception last = null;
        var pauses = PAUSES.start();
        for (int round = 0; ; round++) {
            Deque<URI> toAsk = new ArrayDeque<>(instances.inOrder(shard));
            if (toAsk.isEmpty()) {
                throw unavailable(null);
            }
            long most = mostNanos(toAsk.size(), round);
            Set<URI> asked = new HashSet<>();
            NotOffered withoutIt = null;
            while (!toAsk.isEmpty()) {
                URI instance = toAsk.removeFirst();
                long left = giveUpAt - System.nanoTime();
                if (left <= 0) {
                    throw unavailable(last);
                }
                if (!asked.add(instance)) {
                    continue;
                }
                try {
                    return attempt.at(instance, Duration.ofNanos(Math.min(left, most)));
                } catch (NotOwner e) {
                    last = e;
                    if (e.owner() == null) {
                        instances.refreshSoon();
                    } else {
                        toAsk.addFirst(URI.create(e.owner()));
                    }
                } catch (NotOffered e) {
                    last = e;
                    withoutIt = e;
                } catch (Unavailable e) {
                    last = e;
                } catch (IOException e) {
                    // An attempt that the end of all patience cut short says less than the one before it.
                    if (last != null && left < most && e instanceof HttpTimeoutException) {
                        throw unavailable(last);
                    }
                    last = e;
                    instances.suspect(instance);
                }
            }
            if (withoutIt != null) {
                // Beside an instance of the release before, one that does not answer may be just being replaced.
                throw withoutIt;
            }
            long pause = pauses.nextBackOff();
            if (giveUpAt - System.nanoTime() < TimeUnit.MILLISECONDS.toNanos(pause)) {
                throw unavailable(last);
            }
            sleep(pause);
        }
    }

    /** Asks the first instance that can be connected to. What went wrong after that may have been done all the same. */
    private <A> A askOnce(int shard, Attempt<A> attempt, Duration patience) {
        Deque<URI> toAsk = new ArrayDeque<>(instances.inOrder(shard));
        Set<URI> asked = new HashSet<>();
        Exception last = null;
        while (!toAsk.isEmpty()) {
            URI instance = toAsk.removeFirst();
            if (!asked.add(instance)) {
                continue;
            }
            try {
                return attempt.at(instance, patience);
            } catch (NotOwner e) {
                last = e;
                if (e.owner() != null) {
                    toAsk.addFirst(URI.create(e.owner()));
                }
            } catch (NotOffered e) {
                last = e;
            } catch (ConnectException | HttpConnectTimeoutException e) {
                last = e;
                instances.suspect(instance);
            } catch (IOException e) {
                throw unavailable(e);
            }
        }
        throw last instanceof NotOffered lacking ? lacking : unavailable(last);
    }

    /** How long one attempt may take, if there are so many instances, in a round of attempts; the first is round 0. */
    static long mostNanos(int count, int round) {
        return count == 1 ? PATIENCE_NANOS : Math.min(PATIENCE_NANOS, ATTEMPT_NANOS << Math.min(round, MOST_DOUBLINGS));
    }

    /** Pauses between attempts, each twice as long as the one before. */
    private static BackOff pauses(Duration first, Duration longest) {
        var pauses = new ExponentialBackOff(first.toMillis(), 2);
        pauses.setMaxInterval(longest.toMillis());
        return pauses;
    }

    private Unavailable unavailable(@Nullable Exception last) {
        return last == null
                ? new Unavailable(contract.service() + " is nowhere to be found")
                : new Unavailable(contract.service() + " does not answer: " + last.getMessage(), last);
    }

    private static void sleep(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unavailable("Interrupted", e);
        }
    }
}
