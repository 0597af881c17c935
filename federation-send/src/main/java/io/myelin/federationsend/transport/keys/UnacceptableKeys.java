package io.myelin.federationsend.transport.keys;

/**
 * A server published keys that must not be trusted. The message gives the reason, as the end of "its keys are refused:".
 */
public final class UnacceptableKeys extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnacceptableKeys(String message) {
        super(message, null, false, false);
    }
}
