package io.myelin.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.contracts.Contract;
import io.myelin.contracts.NotOffered;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Calls between processes of two releases, as they happen during an upgrade. */
class MixedReleasesTest {
    private static final String SERVICE = "greeter";

    /** The contract of this release. */
    interface Greetings {
        Greeting greet(String name);
    }

    /** The contract of the next one: an operation has an argument more, its result a field more, and there is another. */
    interface NextGreetings {
        NextGreeting greet(String name, @Nullable Integer times);

        String farewell(String name);
    }

    record Greeting(String text) {}

    record NextGreeting(String text, @Nullable String language) {}

    private static final class Next implements NextGreetings {
        @Override
        public NextGreeting greet(String name, @Nullable Integer times) {
            return new NextGreeting("Hello " + name + " × " + times, "en");
        }

        @Override
        public String farewell(String name) {
            return "Goodbye " + name;
        }
    }

    private static final Contract<Greetings> THIS = new Contract<>(SERVICE, "queries", Greetings.class, false);
    private static final Contract<NextGreetings> NEXT = new Contract<>(SERVICE, "queries", NextGreetings.class, false);

    private final TwoProcesses.Ownership ownership = new TwoProcesses.Ownership(SERVICE);

    private TwoProcesses ofThisRelease() {
        return TwoProcesses.serving(new Served<>(THIS, name -> new Greeting("Hello " + name), ownership));
    }

    private TwoProcesses ofTheNextRelease() {
        return TwoProcesses.serving(new Served<>(NEXT, new Next(), ownership));
    }

    @Test
    void anInstanceOfThisReleaseIgnoresTheFurtherArgument() {
        try (var processes = ofThisRelease()) {
            assertThat(processes.proxy(NEXT).greet("Alice", 2)).isEqualTo(new NextGreeting("Hello Alice", null));
        }
    }

    @Test
    void aCallerOfThisReleaseLeavesItOutAndIgnoresTheFurtherField() {
        try (var processes = ofTheNextRelease()) {
            assertThat(processes.proxy(THIS).greet("Alice")).isEqualTo(new Greeting("Hello Alice × null"));
        }
    }

    @Test
    void whatOneInstanceDoesNotOfferYetIsAskedOfAnother() {
        try (var old = ofThisRelease();
                var upgraded = ofTheNextRelease()) {
            var both = TwoProcesses.proxy(NEXT, old.internal.url(), upgraded.internal.url());

            assertThat(both.farewell("Alice")).isEqualTo("Goodbye Alice");
        }
    }

    /** That is how it is while instances are replaced one by one: callers do without the answer at once. */
    @Test
    void whatOneInstanceDoesNotOfferAndAnotherDoesNotAnswerIsNotOffered() {
        try (var old = ofThisRelease()) {
            var dead = URI.create("http://127.0.0.1:" + TwoProcesses.freePort());
            var both = TwoProcesses.proxy(NEXT, dead, old.internal.url());

            assertThatThrownBy(() -> both.farewell("Alice")).isInstanceOf(NotOffered.class);
        }
    }

    @Test
    void whatNoInstanceOffersYetIsNotOffered() {
        try (var processes = ofThisRelease()) {
            var remote = processes.proxy(NEXT);

            assertThatThrownBy(() -> remote.farewell("Alice")).isInstanceOf(NotOffered.class);
        }
    }
}
