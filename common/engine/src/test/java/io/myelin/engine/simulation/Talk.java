package io.myelin.engine.simulation;

import io.myelin.engine.ephemeral.EphemeralRules;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A state of the toy service: who talks under a key and until when, and a note that stays. */
record Talk(String key, Map<String, Long> until, String note, long noteAt) {

    /** A user talks for a while or, with a note, pins the note. */
    record Saying(
            String key, String who, long millis, @Nullable String note) {}

    /** The value of a key, which readers are shown. */
    record Shown(String key, List<String> who, String note) {

        boolean isBlank() {
            return who.isEmpty() && note.isEmpty();
        }
    }

    static final class Rules implements EphemeralRules<Saying, Talk, Shown> {

        @Override
        public String key(Saying input) {
            return input.key();
        }

        @Override
        public Talk initial(String key) {
            return new Talk(key, Map.of(), "", 0);
        }

        @Override
        public Talk receive(Talk state, Saying input, long at, long now) {
            String note = input.note();
            if (note != null) {
                return at >= state.noteAt ? new Talk(state.key, state.until, note, at) : state;
            }
            TreeMap<String, Long> until = new TreeMap<>(state.until);
            until.put(input.who(), at + input.millis());
            return new Talk(state.key, until, state.note, state.noteAt);
        }

        @Override
        public Talk timePasses(Talk state, long now) {
            TreeMap<String, Long> until = new TreeMap<>(state.until);
            until.values().removeIf(end -> end <= now);
            return new Talk(state.key, until, state.note, state.noteAt);
        }

        @Override
        public long dueAt(Talk state) {
            return state.until.values().stream().min(Long::compare).orElse(Long.MAX_VALUE);
        }

        @Override
        public Shown show(Talk state, @Nullable Shown shown, long now) {
            return new Shown(state.key, List.copyOf(state.until.keySet()), state.note);
        }

        @Override
        public boolean isBlank(Talk state) {
            return state.until.isEmpty() && state.note.isEmpty();
        }

        @Override
        public boolean isWorthKeeping(@Nullable Talk kept, Talk state) {
            return kept == null ? !state.note.isEmpty() : !kept.note.equals(state.note);
        }
    }
}
