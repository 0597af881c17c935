package io.myelin.web;

/**
 * An answer that is written while it is sent, so that a large one is never in memory as a whole. A small one is sent at once,
 * like any other.
 */
@FunctionalInterface
public interface StreamedJson {

    /** Writes all of it. What fails before the first {@value JsonResponseConverter#FLUSH_BYTES} bytes are there becomes an error response. */
    void writeTo(JsonWriter out);

    /**
     * Called before the first part of an answer leaves that turned out to be large. May wait, and may refuse.
     *
     * @return closed once the answer has been sent, or cannot be
     */
    default Turn turn() {
        return () -> {};
    }

    /** Leave to send a large answer. */
    @FunctionalInterface
    interface Turn extends AutoCloseable {
        @Override
        void close();
    }

    /** All of it at once. */
    default byte[] toBytes() {
        JsonWriter out = new JsonWriter(8192);
        writeTo(out);
        return out.toBytes();
    }
}
