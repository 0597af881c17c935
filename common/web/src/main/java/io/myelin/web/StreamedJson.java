package io.myelin.web;

/**
 * An answer that is written while it is sent, so that a large one is never in memory as a whole. A small one is sent in
 * one piece, like any other.
 */
@FunctionalInterface
public interface StreamedJson {

    /**
     * Writes the whole answer. A failure in the first {@value JsonResponseConverter#FLUSH_BYTES} bytes becomes an error
     * response.
     */
    void writeTo(JsonWriter out);

    /**
     * Called before the first part of a large answer is sent. May wait, and may refuse.
     *
     * @return the turn, which is closed once the answer has been sent or has failed
     */
    default SendPermit turn() {
        return () -> {};
    }

    /** The permission to send a large answer. */
    @FunctionalInterface
    interface SendPermit extends AutoCloseable {
        @Override
        void close();
    }

    /** The whole answer at once. */
    default byte[] toBytes() {
        JsonWriter out = new JsonWriter(8192);
        writeTo(out);
        return out.toBytes();
    }
}
