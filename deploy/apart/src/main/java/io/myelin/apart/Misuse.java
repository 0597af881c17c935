package io.myelin.apart;

/** What somebody has typed cannot be understood; the message is for them. */
final class Misuse extends IllegalArgumentException {
    Misuse(String message) {
        super(message);
    }
}
