package io.myelin.matrix.state;

/** What a state event is stored under: its type and its {@code state_key}. */
public record StateKey(String type, String stateKey) {
    @Override
    public String toString() {
        return "(" + type + ", " + stateKey + ")";
    }
}
