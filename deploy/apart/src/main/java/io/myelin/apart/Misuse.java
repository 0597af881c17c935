package io.myelin.apart;

/** A command line or a word of it is invalid; the message is for the user. */
final class Misuse extends IllegalArgumentException {
    Misuse(String message) {
        super(message);
    }
}
