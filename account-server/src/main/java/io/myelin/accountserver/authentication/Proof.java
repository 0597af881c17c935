package io.myelin.accountserver.authentication;

/** What an attempt at a stage has shown. */
public sealed interface Proof {

    /** @param of what is proven, such as an address; empty if nothing particular is */
    record Given(String of) implements Proof {}

    /** The stage is not completed; the client may try again. */
    record Missing(String errcode, String error) implements Proof {}

    Proof OF_NOTHING = new Given("");
    Proof WRONG = new Missing("M_FORBIDDEN", "That is not right.");

    static Proof of(boolean proven, String what) {
        return proven ? new Given(what) : WRONG;
    }
}
