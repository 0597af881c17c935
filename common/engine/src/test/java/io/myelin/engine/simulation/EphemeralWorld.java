package io.myelin.engine.simulation;

import io.myelin.engine.ephemeral.EphemeralLimits;
import io.myelin.engine.ephemeral.Input;
import io.myelin.engine.ephemeral.Publication;
import io.myelin.engine.ephemeral.ShardValues;
import io.myelin.engine.ephemeral.ValueTailLimits;
import io.myelin.engine.simulation.Talk.Saying;
import io.myelin.engine.simulation.Talk.Shown;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One schedule of an ephemeral service: a few processes and readers in bad weather, then in calm weather. */
final class EphemeralWorld {

    static final long REWIND_MILLIS = 25_000;

    private static final long PATIENCE_MILLIS = 1_500;
    private static final int KEYS = 3;

    final Timeline time;
    final EphemeralBreak broken;
    final int shardCount;
    final EphemeralLimits limits;
    final ValueTailLimits tailLimits = new ValueTailLimits(100, 1_000, 6_000, 1_000);
    final EphemeralRows rows;
    final SimulatedTopic<Input<Saying>> input;
    final SimulatedTopic<Publication<Shown>> output;
    final List<EphemeralServer> servers = new ArrayList<>();
    final List<EphemeralReader> readers = new ArrayList<>();
    boolean brokerDown;
    double late;
    double fails;
    double twice;

    private final int serverCount;
    private final Map<String, Input<Saying>> lastNotes = new HashMap<>();
    private boolean calm;
    private boolean restoring;
    private boolean inputWasLost;
    private int lastServer;
    private long lastInstance;
    private int lastNote;

    EphemeralWorld(long seed, EphemeralBreak broken, boolean tracing) {
        time = new Timeline(seed, tracing);
        this.broken = broken;
        shardCount = time.between(1, 3);
        serverCount = time.between(1, 3);
        limits = new EphemeralLimits(
                500, 100, time.between(1, 10), time.between(500, 5_000), 300, 2_000, 2_000, time.between(1, 5), 1_000);
        rows = new EphemeralRows(time, broken, shardCount);
        input = new SimulatedTopic<>(time, Break.NONE, shardCount);
        output = new SimulatedTopic<>(time, Break.NONE, shardCount);
        late = time.chance(0.5) ? 0 : 0.2 * time.below(100) / 100;
        fails = time.chance(0.5) ? 0 : 0.3 * time.below(100) / 100;
        twice = time.chance(0.5) ? 0 : 0.2 * time.below(100) / 100;
    }

    /** The broken promise with its story; null if none was broken. */
    static @Nullable String play(long seed, EphemeralBreak broken, boolean tracing) {
        EphemeralWorld world = new EphemeralWorld(seed, broken, tracing);
        try {
            world.run();
            return null;
        } catch (RuntimeException e) {
            String where = e instanceof Broken
                    ? ""
                    : Arrays.stream(e.getStackTrace())
                            .limit(8)
                            .map(frame -> "\n    at " + frame)
                            .collect(Collectors.joining());
            return world.time.story() + "\nseed " + seed + ": " + e.getMessage() + where;
        }
    }

    private void run() {
        for (int each = 0; each < serverCount; each++) {
            time.after(time.between(0, 200), this::startServer);
        }
        readers.add(new EphemeralReader(this));
        time.after(time.between(0, 8_000), () -> readers.add(new EphemeralReader(this)));
        long storm = time.chance(0.1) ? time.between(30_000, 45_000) : time.between(3_000, 12_000);
        int sayings = time.between(5, 80);
        for (int each = 0; each < sayings; each++) {
            time.after(time.between(0, (int) storm), this::somebodySpeaks);
        }
        int calamities = time.between(0, 8);
        for (int each = 0; each < calamities; each++) {
            time.after(time.between(0, (int) storm), this::calamity);
        }
        runFor(storm);
        calmDown();
        runFor(15_000);
        for (int shard = 0; shard < shardCount; shard++) {
            say(shard, new Saying(key(shard, 0), "late", 4_000, null));
        }
        runFor(2_000);
        readers.forEach(this::hearsThoseWhoSpeak);
        runFor(8_000);
        readers.forEach(this::knowsWhatTheOwnerKnows);
    }

    private void runFor(long millis) {
        long until = time.now() + millis;
        while (time.next(until)) {
            // the agenda runs the events
        }
    }

    // --- promises

    private void hearsThoseWhoSpeak(EphemeralReader reader) {
        for (int shard = 0; shard < shardCount; shard++) {
            Shown shown = reader.view(shard).get(key(shard, 0));
            Broken.check(
                    shown != null && shown.who().contains("late"),
                    "in %d nobody is heard: %s",
                    shard,
                    String.valueOf(shown));
        }
    }

    private void knowsWhatTheOwnerKnows(EphemeralReader reader) {
        Broken.check(reader.hasStarted(), "a reader has not started");
        for (int shard = 0; shard < shardCount; shard++) {
            Map<String, Shown> owners = ownersView(shard);
            Broken.check(reader.view(shard).equals(owners), "of %d: %s is not %s", shard, reader.view(shard), owners);
            for (int key = 0; key < KEYS; key++) {
                Shown shown = owners.getOrDefault(key(shard, key), new Shown("", List.of(), ""));
                Broken.check(shown.who().isEmpty(), "speaks for ever: %s", shown);
                Input<Saying> note = lastNotes.get(key(shard, key));
                if (note != null && !inputWasLost) {
                    Broken.check(shown.note().equals(note.value().note()), "%s instead of %s", shown, note);
                }
            }
        }
    }

    private Map<String, Shown> ownersView(int shard) {
        Map<String, Shown> view = new TreeMap<>();
        List<ShardValues<Shown>> answers = servers.stream()
                .map(server -> server.values(shard))
                .flatMap(Optional::stream)
                .toList();
        Broken.check(answers.size() == 1, "%d owners of %d", answers.size(), shard);
        answers.getFirst().values().forEach(value -> {
            if (!value.value().isBlank()) {
                view.put(value.value().key(), value.value());
            }
        });
        return view;
    }

    // --- what happens

    private static String key(int shard, int number) {
        return shard + "/" + (char) ('a' + number);
    }

    private void somebodySpeaks() {
        int shard = time.below(shardCount);
        String key = key(shard, time.below(KEYS));
        String who = "u" + time.below(3);
        say(
                shard,
                time.chance(0.2)
                        ? new Saying(key, who, 0, "n" + ++lastNote)
                        : new Saying(key, who, time.chance(0.3) ? 0 : time.between(100, 5_000), null));
    }

    private void say(int shard, Saying saying) {
        if (brokerDown) {
            return;
        }
        Input<Saying> said = new Input<>(time.now(), saying);
        input.append(shard, said);
        time.trace("said: %s", saying);
        if (saying.note() != null) {
            lastNotes.put(saying.key(), said);
        }
    }

    private void calamity() {
        int shard = time.below(shardCount);
        EphemeralServer server = servers.isEmpty() ? null : servers.get(time.below(servers.size()));
        switch (time.below(12)) {
            case 0, 1 -> {
                if (server != null) {
                    server.crash();
                }
            }
            case 2, 3, 4 -> {
                if (server != null) {
                    server.pause(time.between(50, 6_000));
                }
            }
            case 5 -> {
                if (server != null) {
                    server.leave();
                }
            }
            case 6 -> {
                brokerDown = true;
                time.after(time.between(10, 3_000), () -> brokerDown = false);
            }
            case 7 -> {
                time.trace("output made anew");
                output.wipe();
            }
            case 8 -> {
                time.trace("output %d truncated", shard);
                output.truncate(shard, time.between(1, 10));
            }
            case 9 -> {
                time.trace("input made anew");
                inputWasLost = true;
                input.wipe();
            }
            case 10 -> {
                rows.down = true;
                time.after(time.between(10, 1_500), () -> rows.down = false);
            }
            default -> restoreOrBackUp();
        }
    }

    private void restoreOrBackUp() {
        if (!rows.hasBackup()) {
            rows.backUp();
            return;
        }
        time.trace("restored");
        restoring = true;
        inputWasLost = true;
        List.copyOf(servers).forEach(EphemeralServer::crash);
        rows.restore();
        time.after(500, () -> {
            restoring = false;
            for (int each = 0; each < serverCount; each++) {
                startServer();
            }
        });
    }

    private void calmDown() {
        time.trace("calm");
        calm = true;
        brokerDown = false;
        rows.down = false;
        late = 0;
        fails = 0;
        twice = 0;
        List.copyOf(servers).forEach(EphemeralServer::resume);
    }

    private void startServer() {
        if (!restoring && servers.size() < serverCount) {
            servers.add(new EphemeralServer(this, ++lastServer));
        }
    }

    void ended(EphemeralServer server) {
        servers.remove(server);
        time.after(time.between(20, 3_000), this::startServer);
    }

    long newInstance() {
        return ++lastInstance;
    }

    /** Asks the shard's owner; there is one answer or one failure. */
    void ask(int shard, Consumer<ShardValues<Shown>> answer, Runnable failure) {
        if (broken == EphemeralBreak.QUESTION_WITHOUT_OUTCOME && !calm && time.chance(0.2)) {
            return;
        }
        boolean[] over = {false};
        Consumer<Optional<ShardValues<Shown>>> outcome = values -> {
            if (!over[0]) {
                over[0] = true;
                values.ifPresentOrElse(answer, failure);
            }
        };
        List<EphemeralServer> able = new ArrayList<>();
        for (EphemeralServer server : servers) {
            if (server.values(shard).isPresent() || time.chance(0.1)) {
                able.add(server);
            }
        }
        if (!able.isEmpty()) {
            EphemeralServer asked = able.get(time.below(able.size()));
            time.after(
                    time.between(0, 5),
                    () -> asked.ask(shard, values -> {
                        int delay = time.chance(late) ? time.between(50, 1_400) : time.between(0, 5);
                        time.after(delay, () -> outcome.accept(values));
                    }));
        }
        time.after(PATIENCE_MILLIS, () -> outcome.accept(Optional.empty()));
    }
}
